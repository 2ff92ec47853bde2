using System.Text;
using CsCheck;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Repository;
using OrleansHybrid.Yaml;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

public class ManifestReaderTests
{
    public static TheoryData<string> Bad => new(ManifestBadTable.Cases.Select(c => c.Name));

    public static TheoryData<string> Good =>
    [
        ManifestSample.Good,
        ManifestSample.Good.Replace("description: Spoken commands.\n", ""),
        ManifestSample.Good.Replace("privacy: any", "privacy: device"),
        ManifestSample.Good.Replace("max_batch_size: 16, preferred_batch_size: [4, 8]", "max_batch_size: 0").Replace("[-1, 16000]", "[1, 16000]").Replace("[-1, 3]", "[1, 3]"),
        ManifestSample.Good.Replace("updates: monthly", "classifier: { file: hard.onnx, output: hard, threshold: 0 }"),
        ManifestSample.Good.Replace("rule: max, floor: 0.70", "rule: entropy, floor: 1"),
        ManifestSample.Good.Replace("licence: Apache-2.0", "licence: \"Apache-2.0 WITH LLVM-exception\""),
        ManifestSample.Good.Replace("memory_mib: 8, latency_ms: 1", "memory_mib: 0.5, latency_ms: 1e-2, instances: {}"),
        ManifestSample.Good.Replace("floor: 0.70", "floor: .5"),
    ];

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Manifest_that_is_wrong_lists_exactly_its_errors(string name)
    {
        var bad = Case(name);
        using var folder = new RepositoryFolder();
        Assert.NotEqual(ManifestSample.Good, bad.Yaml);
        ManifestSample.WriteVersion(folder, bad.Yaml);
        var read = await ManifestSample.ReadAsync(folder);
        Assert.Null(read.Manifest);
        Assert.Equal(bad.Errors, read.Errors);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Manifest_that_a_schema_can_refuse_is_refused_by_ours(string name)
    {
        var bad = Case(name);
        Assert.Equal(!bad.InSchema, await ManifestSchema.AcceptsAsync(bad.Yaml));
        var errors = new ErrorList();
        ManifestReader.Read(Encoding.UTF8.GetBytes(bad.Yaml), errors);
        // What the schema refuses, the reader alone refuses, before any rule that looks at two values.
        if (bad.InSchema) Assert.NotEqual(0, errors.Count);
    }

    [Theory]
    [MemberData(nameof(Good))]
    public async Task Manifest_that_is_right_is_accepted_by_reader_and_schema(string yaml)
    {
        using var folder = new RepositoryFolder();
        ManifestSample.WriteVersion(folder, yaml);
        var scan = yaml.Contains("[1, 16000]") ? FixedScan : (ScanGraph)ManifestSample.Scan;
        Assert.Empty((await ManifestSample.ReadAsync(folder, scan)).Errors);
        Assert.True(await ManifestSchema.AcceptsAsync(yaml));
    }

    [Fact]
    public async Task Manifest_that_is_right_is_read_whole()
    {
        using var folder = new RepositoryFolder();
        ManifestSample.WriteVersion(folder, ManifestSample.Good);
        var read = await ManifestSample.ReadAsync(folder);
        var manifest = read.Manifest!;
        Assert.Equal(new ModelVersionKey("keyword", 3), manifest.Key);
        Assert.Equal("Apache-2.0", manifest.Licence);
        Assert.Equal(["yes", "no", "stop"], Assert.Single(manifest.Outputs).Labels);
        Assert.Equal(new TensorShape(-1, 16000), Assert.Single(manifest.Inputs).Shape);
        Assert.Equal(new ConfidenceRule("probabilities", ConfidenceRuleKind.Max, 0.7), manifest.Confidence);
        Assert.Equal(PrivacyCeiling.Any, manifest.Privacy);
        Assert.Equal(UpdateCadence.Monthly, manifest.Updates);
        Assert.Equal((16, 256, TimeSpan.FromMicroseconds(500)), (manifest.Batching.MaxBatchSize, manifest.Batching.MaxQueueSize, manifest.Batching.MaxQueueDelay));
        Assert.Equal([4, 8], manifest.Batching.PreferredBatchSizes);
        Assert.Equal([Zone.Device, Zone.Edge], manifest.Variants[0].Zones);
        Assert.Equal(new InstanceSettings(2, 1), manifest.Variants[1].Instances);
        // echo -n tiny | sha256sum
        Assert.Equal("sha256:8950abfda7b727630760dd35bcf5c3daa7631aff223a90f7728c0d2521dde10c", manifest.Variants[0].Digest);
        Assert.Equal((5, 8.0, 1.0), (manifest.Variants[1].FileBytes, manifest.Variants[0].MemoryMib, manifest.Variants[0].LatencyMs));
        Assert.Equal("tiny-int8", read.Variant!.Variant.Name);
        Assert.Equal("tiny"u8.ToArray(), read.Variant.Onnx.ToArray());
    }

    [Fact]
    public async Task Digest_of_a_version_changes_with_any_file_but_the_signature()
    {
        using var folder = new RepositoryFolder();
        ManifestSample.WriteVersion(folder, ManifestSample.Good);
        folder.Write("keyword/3/probes/a.raw", "a");
        var first = (await ManifestSample.ReadAsync(folder)).Manifest!.Digest;
        folder.Write("keyword/3/model.sig", "signature");
        Assert.Equal(first, (await ManifestSample.ReadAsync(folder)).Manifest!.Digest);
        folder.Write("keyword/3/probes/a.raw", "b");
        Assert.NotEqual(first, (await ManifestSample.ReadAsync(folder)).Manifest!.Digest);
    }

    [Theory]
    [InlineData("yes\nno\n\n", "line 3 is empty")]
    [InlineData("yes\n\nno\n", "line 2 is empty")]
    [InlineData("yes\nno\nsto\u0007p", "line 3 holds a control character")]
    public async Task Labels_that_are_wrong_are_an_error(string labels, string expected)
    {
        using var folder = new RepositoryFolder();
        ManifestSample.WriteVersion(folder, ManifestSample.Good);
        folder.Write("keyword/3/labels.txt", labels);
        var error = Assert.Single((await ManifestSample.ReadAsync(folder)).Errors);
        Assert.Contains(expected, error);
    }

    [Fact]
    public async Task Labels_with_windows_line_ends_and_no_last_one_are_read()
    {
        using var folder = new RepositoryFolder();
        ManifestSample.WriteVersion(folder, ManifestSample.Good);
        folder.Write("keyword/3/labels.txt", "yes\r\nno\r\nstop");
        Assert.Equal(["yes", "no", "stop"], (await ManifestSample.ReadAsync(folder)).Manifest!.Outputs[0].Labels);
    }

    [Fact]
    public void Schema_bounds_are_the_limits()
    {
        var schema = ManifestSchema.Text;
        foreach (var bound in new[]
        {
            $"\"maxItems\": {Limits.ManifestTensorsMax}", $"\"maxItems\": {Limits.VariantsPerVersionMax}", $"\"maxItems\": {Limits.TensorRankMax}", $"\"maximum\": {Limits.BatchRowsMax}",
            $"\"maximum\": {Limits.BatchDelayMicrosecondsMax}", $"\"maximum\": {Limits.QueueSizeMax}", $"\"maximum\": {Limits.InstancesPerVariantMax}", $"\"maximum\": {Limits.DeclaredMemoryMibMax}",
            $"\"maximum\": {Limits.DeclaredLatencyMsMax}", $"\"maxLength\": {Limits.NameCharsMax}", $"\"maxLength\": {Limits.DescriptionCharsMax}",
            $"\"minimum\": {Limits.TextTokensMin}, \"maximum\": {Limits.TextTokensMax}",
        })
        {
            Assert.Contains(bound, schema);
        }
    }

    [Fact]
    public void Manifest_of_any_damage_gives_errors_and_never_an_exception()
    {
        var good = Encoding.UTF8.GetBytes(ManifestSample.Good);
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Int[0, 40], Gen.Byte.Array[0, 12]).Sample((at, cut, insert) =>
        {
            byte[] spoiled = [.. good[..at], .. insert, .. good[Math.Min(at + cut, good.Length)..]];
            var errors = new ErrorList();
            var config = ManifestReader.Read(spoiled, errors);
            Assert.True(config is not null || errors.Count > 0);
            if (config is not null) ManifestRules.Check(config, new ManifestFolder("keyword", 3, new Dictionary<string, long>(), new Dictionary<string, LabelsFile>()));
            Assert.All(errors.ToList(), e => Assert.True(e.Line >= 0 && e.Render("model.yaml").Length < 6000));
        }, iter: 20_000);
    }

    private static ManifestBadCase Case(string name) => ManifestBadTable.Cases.Single(c => c.Name == name);

    private static GraphScan FixedScan(ReadOnlyMemory<byte> onnx) => ManifestSample.Scan(onnx) with
    {
        Inputs = [new TensorSpec("audio", TensorDataType.Int16, new TensorShape(1, 16000))],
        Outputs = [new TensorSpec("probabilities", TensorDataType.Fp32, new TensorShape(1, 3))],
    };
}
