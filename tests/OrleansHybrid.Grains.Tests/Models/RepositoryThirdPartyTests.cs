using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Engine;
using OrleansHybrid.Inference.Repository;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>Real files through the real scan and engine: models that nobody here made, and the sample models. Skipped where a folder is absent.</summary>
public class RepositoryThirdPartyTests
{
    [SkippableTheory]
    [InlineData("mnist", "Input3 FP32 [1,1,28,28]", "Plus214_Output_0 FP32 [1,10]")]
    [InlineData("mnist_batch", "Input3 FP32 [-1,1,28,28]", "Plus214_Output_0 FP32 [-1,10]")]
    [InlineData("squeezenet", "data_0 FP32 [-1,3,224,224]", "softmaxout_1 FP32 [-1,1000,1,1]")]
    [InlineData("silero_vad_16k", "input FP32 [-1,-1]; state FP32 [2,-1,128]; sr INT64 []", null)]
    [InlineData("ultraface320", "input FP32 [1,3,240,320]", null)]
    public async Task Plain_folder_serves_with_the_tensors_of_its_graph(string model, string inputs, string? outputs)
    {
        var root = Find("shared", "models");
        Skip.If(root is null, "shared/models is not beside the repository");
        await WithRepositoryAsync(root!, Zone.Edge, async repository =>
        {
            Assert.Null((await repository.LoadAsync(model, null, CancellationToken.None)).Failure);
            var entry = repository.State.Models[model].Default!;
            Assert.Equal(inputs, Describe(entry.Inputs));
            if (outputs is not null) Assert.Equal(outputs, Describe(entry.Outputs));
            Assert.Equal(entry.Loaded[0].Digest, entry.Manifest!.Variants[0].Digest);
        });
    }

    [SkippableTheory]
    [InlineData(Zone.Device)]
    [InlineData(Zone.Edge)]
    [InlineData(Zone.Cloud)]
    public async Task Sample_models_load_in_every_zone(Zone zone)
    {
        var root = Path.GetDirectoryName(ManifestSchema.Folder);
        Skip.If(root is null || !File.Exists(Path.Combine(root, "keyword", "1", "model.yaml")), "the sample models are not there");
        await WithRepositoryAsync(root!, zone, async repository =>
        {
            var summary = await repository.LoadAllAsync(CancellationToken.None);
            Assert.Empty(summary.Broken);
            Assert.NotEmpty(summary.Loaded);
            Assert.All(summary.Loaded, v => Assert.Contains(zone, repository.State.Models[v.Key.Model].Find(v.Key.Version)!.Manifest!.Variants.First(m => m.Name == v.Key.Variant).Zones));
        });
    }

    [SkippableFact]
    public async Task Manifest_that_the_graph_contradicts_is_refused_with_every_difference()
    {
        var root = Find("shared", "models");
        Skip.If(root is null, "shared/models is not beside the repository");
        using var folder = new RepositoryFolder();
        folder.Write("keyword/3/labels.txt", "yes\nno\nstop\n");
        foreach (var name in new[] { "tiny-int8.onnx", "large.onnx" }) folder.Write($"keyword/3/{name}", File.ReadAllBytes(Path.Combine(root!, "mnist", "1", "model.onnx")));
        folder.Write("keyword/3/model.yaml", ManifestSample.Good);
        await WithRepositoryAsync(folder.Root, Zone.Edge, async repository =>
        {
            var failure = (await repository.LoadAsync("keyword", null, CancellationToken.None)).Failure!;
            var lines = failure.Message.Split('\n');
            Assert.Equal(3, lines.Length);
            Assert.All(lines, line => Assert.StartsWith("keyword@3: ", line));
            Assert.Contains("'Input3'", failure.Message);
            Assert.Equal(VersionState.Unavailable, repository.State.Models["keyword"].Find(3)!.State);
        });
    }

    private static async Task WithRepositoryAsync(string root, Zone zone, Func<ModelRepository, Task> test)
    {
        using var data = new RepositoryFolder();
        await using var engine = new OnnxInferenceEngine(new EngineSettings(), new TensorPool(), TimeProvider.System);
        await test(new ModelRepository(new RepositorySettings([root], zone, data.Data), engine, OnnxScan.Scan));
    }

    private static string Describe(IReadOnlyList<TensorSpec> specs) => string.Join("; ", specs.Select(s => $"{s.Name} {s.DataType.WireName()} {s.Shape}"));

    private static string? Find(params string[] path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var found = Path.Combine([folder.FullName, .. path]);
            if (Directory.Exists(found)) return found;
        }

        return null;
    }
}
