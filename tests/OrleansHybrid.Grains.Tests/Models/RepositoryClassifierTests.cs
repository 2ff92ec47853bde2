using System.Text;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Repository;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>A version's classifier is checked, loaded, replaced and unloaded with its version, and never counts as a variant.</summary>
public class RepositoryClassifierTests
{
    private static readonly VariantKey Classifier = new("keyword", 1, ClassifierManifest.VariantName);

    [Theory]
    [InlineData(Zone.Device)]
    [InlineData(Zone.Edge)]
    public async Task Classifier_is_loaded_beside_the_variant_and_is_none(Zone zone)
    {
        using var fixture = new RepositoryFixture(zone);
        Write(fixture);
        Assert.Null(await fixture.LoadAsync("keyword"));

        Assert.Equal([1], fixture.Served("keyword"));
        var entry = fixture.Entry("keyword", 1);
        Assert.Equal((Classifier, "tiny-int8"), (entry.Classifier!.Key, Assert.Single(entry.Loaded).Key.Variant));
        Assert.Equal(("hard.onnx", "hard", 0.76, 4L), (entry.Manifest!.Classifier!.File, entry.Manifest.Classifier.Output, entry.Manifest.Classifier.Threshold, entry.Manifest.Classifier.FileBytes));
        Assert.Equal(["tiny-int8", "large"], entry.Manifest.Variants.Select(v => v.Name));
        var load = Assert.Single(fixture.Engine.Loads, l => l.Key == Classifier);
        Assert.Equal((16, TimeSpan.Zero), (load.Batching.MaxBatchSize, load.Batching.MaxQueueDelay));
        Assert.Equal(("audio", "hard"), (Assert.Single(load.Inputs!).Name, Assert.Single(load.Outputs!).Name));
    }

    [Fact]
    public async Task Cloud_checks_the_classifier_and_holds_none()
    {
        using var fixture = new RepositoryFixture(Zone.Cloud);
        Write(fixture);
        Assert.Null(await fixture.LoadAsync("keyword"));
        Assert.Null(fixture.Entry("keyword", 1).Classifier);
        Assert.NotNull(fixture.Entry("keyword", 1).Manifest!.Classifier);

        fixture.Folder.Write("keyword/1/hard.onnx", "refused");
        Assert.Contains("hard.onnx: an integer division may end the process", (await fixture.LoadAsync("keyword"))!.Message);
    }

    public static TheoryData<string, GraphScan> Misfits => new()
    {
        { "expected a classifier that reads inputs of the version (audio); came one that reads 'noise'. Export it over the version's inputs.", Graph(input: "noise") },
        { "expected the classifier's input 'audio' as the version's, INT16 [-1,16000]; the graph's is FP32 [-1,16000]. Export it over the version's inputs.", Graph(inputType: TensorDataType.Fp32) },
        { "expected the classifier's output 'hard' in the graph; it has easy. Correct classifier.output.", Graph(output: "easy") },
        { "expected the classifier's output 'hard' as FP32 of shape [-1,1] or [-1], one value a row; the graph's is FP32 [-1,2]. Export it so.", Graph(shape: [-1, 2]) },
        { "expected the classifier's output 'hard' as FP32 of shape [-1,1] or [-1], one value a row; the graph's is FP64 [-1,1]. Export it so.", Graph(outputType: TensorDataType.Fp64) },
        { "expected the classifier's output 'hard' as FP32 of shape [-1,1] or [-1], one value a row; the graph's is FP32 []. Export it so.", Graph(shape: []) },
        { "expected a classifier that holds its weights itself; came one with weights in other files. Export it as one file.", Graph(external: "w.bin") },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public async Task Classifier_that_does_not_fit_its_version_is_refused(string error, GraphScan graph)
    {
        using var fixture = new RepositoryFixture(scan: onnx => onnx.Span.StartsWith("hard"u8) ? graph : ManifestSample.Scan(onnx));
        Write(fixture);

        Assert.Contains("hard.onnx: " + error, (await fixture.LoadAsync("keyword"))!.Message);
        Assert.Empty(fixture.Engine.Loads);
        Assert.Empty(fixture.Served("keyword"));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(-1, 1)]
    [InlineData(1, 1)]
    public async Task One_value_a_row_may_be_stated_so(params int[] shape)
    {
        using var fixture = new RepositoryFixture(scan: onnx => onnx.Span.StartsWith("hard"u8) ? Graph(shape: [.. shape]) : ManifestSample.Scan(onnx));
        Write(fixture);

        Assert.Null(await fixture.LoadAsync("keyword"));
    }

    [Fact]
    public async Task Classifier_that_is_too_large_is_refused_before_it_is_read()
    {
        using var fixture = new RepositoryFixture();
        Write(fixture, classifier: "hard" + new string('x', Limits.ClassifierFileBytesMax));

        Assert.Contains("'hard.onnx': expected at most 16777216 bytes; came 16777220.", (await fixture.LoadAsync("keyword"))!.Message);
    }

    [Fact]
    public async Task Unchanged_classifier_is_kept_over_a_reload()
    {
        using var fixture = new RepositoryFixture();
        Write(fixture);
        Assert.Null(await fixture.LoadAsync("keyword"));
        var before = fixture.Entry("keyword", 1);
        Write(fixture, tiny: "tiny two");
        Assert.Null(await fixture.LoadAsync("keyword"));

        Assert.Same(before.Classifier, fixture.Entry("keyword", 1).Classifier);
        Assert.NotEqual(before.Manifest!.Digest, fixture.Entry("keyword", 1).Manifest!.Digest);
        Assert.Single(fixture.Engine.Loads, l => l.Key == Classifier);
        fixture.AssertConsistent();
    }

    [Fact]
    public async Task Changed_classifier_changes_the_versions_digest_and_is_replaced()
    {
        using var fixture = new RepositoryFixture();
        Write(fixture);
        Assert.Null(await fixture.LoadAsync("keyword"));
        var before = fixture.Entry("keyword", 1);
        Write(fixture, classifier: "hard two");
        Assert.Null(await fixture.LoadAsync("keyword"));

        Assert.NotEqual(before.Manifest!.Digest, fixture.Entry("keyword", 1).Manifest!.Digest);
        Assert.NotEqual(before.Classifier!.Digest, fixture.Entry("keyword", 1).Classifier!.Digest);
        fixture.AssertConsistent();
    }

    [Fact]
    public async Task Classifier_that_a_new_manifest_drops_leaves_the_engine()
    {
        using var fixture = new RepositoryFixture();
        Write(fixture);
        Assert.Null(await fixture.LoadAsync("keyword"));
        fixture.WriteKeyword(1);
        Assert.Null(await fixture.LoadAsync("keyword"));

        Assert.Null(fixture.Entry("keyword", 1).Classifier);
        Assert.Contains(Classifier, fixture.Engine.Unloads);
        fixture.AssertConsistent();
    }

    [Fact]
    public async Task Classifier_that_cannot_run_leaves_what_served_before()
    {
        using var fixture = new RepositoryFixture();
        Write(fixture);
        Assert.Null(await fixture.LoadAsync("keyword"));
        var before = fixture.Entry("keyword", 1);
        fixture.Engine.OnLoad = (load, _) => load.Key.IsClassifier ? throw new OperationCanceledException() : Task.CompletedTask;
        Write(fixture, tiny: "tiny two", classifier: "hard two");
        await Assert.ThrowsAsync<OperationCanceledException>(() => fixture.LoadAsync("keyword"));

        Assert.Equal(before, fixture.Entry("keyword", 1));
        fixture.AssertConsistent();
    }

    [Fact]
    public async Task Classifier_that_the_engine_refuses_is_named_in_the_error()
    {
        using var fixture = new RepositoryFixture(scan: onnx => Encoding.UTF8.GetString(onnx.Span).Contains("hard") ? Graph() : ManifestSample.Scan(onnx));
        Write(fixture, classifier: "bad hard");

        Assert.Equal("keyword@1: hard.onnx: the graph cannot run", (await fixture.LoadAsync("keyword"))!.Message);
        Assert.Empty(fixture.Served("keyword"));
    }

    [Theory]
    [InlineData("hard", true)]
    [InlineData("hard two", false)]
    public async Task Variant_that_fails_leaves_what_served_without_a_classifier_that_is_not_its_own(string classifier, bool kept)
    {
        using var fixture = new RepositoryFixture();
        Write(fixture);
        Assert.Null(await fixture.LoadAsync("keyword"));
        var before = fixture.Entry("keyword", 1);
        Write(fixture, tiny: "bad", classifier: classifier);
        Assert.NotNull(await fixture.LoadAsync("keyword"));

        Assert.Equal([1], fixture.Served("keyword"));
        Assert.Equal(before.Loaded, fixture.Entry("keyword", 1).Loaded);
        Assert.Equal(kept ? before.Classifier : null, fixture.Entry("keyword", 1).Classifier);

        Write(fixture, classifier: classifier);
        Assert.Null(await fixture.LoadAsync("keyword"));
        Assert.NotNull(fixture.Entry("keyword", 1).Classifier);
        fixture.AssertConsistent();
    }

    [Fact]
    public async Task Unload_takes_the_classifier_along()
    {
        using var fixture = new RepositoryFixture();
        Write(fixture);
        Assert.Null(await fixture.LoadAsync("keyword"));
        Assert.Null(await fixture.UnloadAsync("keyword"));

        Assert.Empty(fixture.Engine.State.Variants);
        Assert.Null(fixture.Entry("keyword", 1).Classifier);
    }

    private static void Write(RepositoryFixture fixture, string tiny = "tiny", string classifier = "hard")
    {
        fixture.WriteKeyword(1, tiny, "updates: monthly", ManifestSample.Classifier);
        fixture.Folder.Write("keyword/1/hard.onnx", classifier);
    }

    private static GraphScan Graph(
        string input = "audio", TensorDataType inputType = TensorDataType.Int16, string output = "hard", TensorDataType outputType = TensorDataType.Fp32, long[]? shape = null, string? external = null) => new(
        [new TensorSpec(input, inputType, new TensorShape(-1, 16000))],
        [new TensorSpec(output, outputType, new TensorShape(shape ?? [-1, 1]))],
        external is null ? [] : [external],
        []);
}
