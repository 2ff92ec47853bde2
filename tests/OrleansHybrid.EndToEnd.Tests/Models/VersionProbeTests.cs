using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Gateway.Json;
using OrleansHybrid.Inference.Engine;
using OrleansHybrid.Inference.Repository;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Models;

/// <summary>The committed model with probes beside it, through repository and engine.</summary>
public sealed class VersionProbeTests : IAsyncLifetime
{
    private static readonly ModelVersionKey Version = new(Clips.Model, 1);
    private readonly TempFolder models = new(), data = new();
    private readonly TensorPool pool = new(poison: true);
    private OnnxInferenceEngine engine = null!;
    private ModelRepository repository = null!;

    private string Folder => Path.Combine(models.Path, Clips.Model, "1");

    public Task InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "probes"));
        foreach (var file in Directory.GetFiles(Path.Combine(RepositoryRoot.SampleModels, Clips.Model, "1"))) File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)));
        engine = new OnnxInferenceEngine(new EngineSettings(), pool, TimeProvider.System);
        repository = new ModelRepository(new RepositorySettings([models.Path], Zone.Edge, data.Path) { Probes = new ProbeReader(pool) }, engine, OnnxScan.Scan);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await engine.DisposeAsync();
        Assert.Equal(0, pool.Leased);
        models.Dispose();
        data.Dispose();
    }

    [Fact]
    public async Task Version_whose_probes_are_answered_as_expected_serves_and_counts_none_of_them()
    {
        Put("a", Clip("easy.json", """{ "label": "four", "confidence_min": 0.65 }"""));
        Put("b", Clip("easy.json", "{}"));
        Put("c", File.ReadAllText(Clips.PathOf("hard.json")));

        Assert.Null(await LoadAsync());

        var statistics = Assert.Single(engine.State.Variants, v => !v.Key.IsClassifier).Value.Statistics;
        Assert.Equal((0, 0), (statistics.Successes, statistics.Executions));
    }

    [Theory]
    [InlineData("""{ "label": "stop" }""", "expected the label 'stop'; came 'four'")]
    [InlineData("""{ "label": "four", "confidence_min": 1 }""", "expected a confidence of 1 or more; came 0.")]
    public async Task Version_that_answers_a_probe_wrong_does_not_replace_the_one_that_serves(string expect, string reason)
    {
        Assert.Null(await LoadAsync());
        var before = repository.State.Models[Clips.Model].Find(1)!.Manifest!.Digest;
        Put("wrong", Clip("easy.json", expect));

        var failure = await LoadAsync();

        Assert.Contains($"The probe 'probes/wrong.json' failed: {reason}", failure);
        Assert.Equal((VersionState.Ready, before), (repository.State.Models[Clips.Model].Find(1)!.State, repository.State.Models[Clips.Model].Find(1)!.Manifest!.Digest));
        Assert.Equal("four", await AskAsync());
    }

    [Fact]
    public async Task First_version_that_answers_a_probe_wrong_serves_nothing()
    {
        Put("wrong", Clip("easy.json", """{ "label": "stop" }"""));

        Assert.NotNull(await LoadAsync());

        Assert.Equal(VersionState.Unavailable, repository.State.Models[Clips.Model].Find(1)!.State);
        Assert.DoesNotContain(engine.State.Variants.Keys, k => !k.IsClassifier);
    }

    [Theory]
    [InlineData("{", "a property name must be a string; the end of the body came")]
    [InlineData("{}", "no inputs")]
    [InlineData("""{ "inputs": [{ "name": "audio", "shape": [1, 2], "datatype": "INT16", "data": [1, 2] }] }""", "must have shape [-1,16000]")]
    [InlineData("""{ "inputs": [{ "name": "audio", "shape": [1, 1], "datatype": "INT16", "data": [1] }], "expect": { "label": "never said" } }""", "which is in none of the version's label files")]
    [InlineData("""{ "inputs": [{ "name": "audio", "shape": [1, 1], "datatype": "INT16", "data": [1] }], "expect": { "confidence_min": 2 } }""", "must be a number in [0, 1]; 2 came")]
    [InlineData("""{ "inputs": [{ "name": "audio", "shape": [1, 1], "datatype": "INT16", "data": [1] }], "expect": { "sure": true } }""", "takes label and confidence_min; sure came")]
    [InlineData("""{ "inputs": [{ "name": "audio", "shape": [1, 1], "datatype": "INT16", "data": [1] }], "expect": 4 }""", "'expect' must be an object; a number came")]
    [InlineData("""{ "inputs": [{ "name": "audio", "shape": [1, 1], "datatype": "INT16", "data": [1] }], "expect": {}, "expect": {} }""", "'expect' twice")]
    public async Task Probe_that_can_never_pass_is_refused_with_its_name(string probe, string reason)
    {
        Put("bad", probe);

        var failure = await LoadAsync();

        Assert.Contains("probes/bad.json", failure);
        Assert.Contains(reason, failure);
    }

    [Fact]
    public async Task Too_many_and_too_large_probes_are_refused()
    {
        Put("large", new string(' ', Limits.VersionProbeBytesMax + 1));
        Assert.Contains($"expected at most {Limits.VersionProbeBytesMax} bytes", await LoadAsync());

        for (var i = 0; i < Limits.VersionProbesMax; i++) Put(i.ToString(CultureInfo.InvariantCulture), "{}");
        Assert.Contains($"expected at most {Limits.VersionProbesMax} probes; came {Limits.VersionProbesMax + 1}", await LoadAsync());
    }

    [Fact]
    public async Task Push_looks_at_probes_that_no_zone_could_pass()
    {
        Put("bad", Clip("easy.json", """{ "label": "never said" }"""));

        var inspected = await BundleInspector.InspectAsync(Folder, Version, new ProbeReader(pool), CancellationToken.None);

        Assert.Contains("never said", Assert.Single(inspected.Errors));
    }

    [Fact]
    public async Task Variant_that_left_the_memory_is_not_asked_again()
    {
        var settings = new EngineSettings { IdleUnloadAfter = TimeSpan.FromHours(1) };
        var reads = new CountingReader(new ProbeReader(pool));
        var clock = new FakeTimeProvider();
        await using var resident = new ResidentEngine(new OnnxInferenceEngine(settings, pool, TimeProvider.System), settings, clock);
        var idle = new ModelRepository(new RepositorySettings([models.Path], Zone.Edge, data.Path) { Probes = reads }, resident, OnnxScan.Scan);
        Put("a", Clip("easy.json", """{ "label": "four" }"""));
        Assert.Null((await idle.LoadAsync(Clips.Model, null, CancellationToken.None)).Failure);
        Assert.Equal(2, reads.Count); // Checked, then asked.

        clock.Advance(TimeSpan.FromHours(2));
        resident.UnloadIdle();
        await Wait.Until(() => resident.State.Variants.Values.All(v => !v.IsResident), "idle variants leave");
        Assert.Equal("four", await AskAsync(resident, idle));

        Assert.Equal(3, reads.Count); // Read and checked with the folder, not asked.
    }

    private void Put(string name, string text) => File.WriteAllText(Path.Combine(Folder, "probes", $"{name}.json"), text);

    private static string Clip(string file, string expect) => $"{File.ReadAllText(Clips.PathOf(file)).TrimEnd()[..^1]}, \"expect\": {expect}}}";

    private async Task<string?> LoadAsync() => (await repository.LoadAsync(Clips.Model, null, CancellationToken.None)).Failure?.Message;

    private Task<string?> AskAsync() => AskAsync(engine, repository);

    private async Task<string?> AskAsync(IInferenceEngine asked, ModelRepository models)
    {
        var manifest = models.State.Models[Clips.Model].Find(1)!.Manifest!;
        var request = new ProbeReader(pool).Read(File.ReadAllBytes(Clips.PathOf("easy.json")), out _)!;
        var outcome = await asked.RunAsync(new EngineRequest(new VariantKey(Clips.Model, 1, "tiny-int8"), request.Inputs, [], Wait.Long), CancellationToken.None);
        Assert.Null(outcome.Failure);
        var label = ConfidenceRules.Judge(manifest, outcome.Outputs).Label;
        foreach (var tensor in request.Inputs.Concat(outcome.Outputs)) tensor.Data.Release();
        return label;
    }

    private sealed class CountingReader(IProbeReader inner) : IProbeReader
    {
        public int Count { get; private set; }

        public ProbeRequest? Read(ReadOnlyMemory<byte> file, out string error)
        {
            Count++;
            return inner.Read(file, out error);
        }
    }
}
