using System.Runtime.InteropServices;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Inference.Engine;
using OrleansHybrid.Inference.Repository;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Models;

/// <summary>The committed classifier over the committed evaluation clips, through repository and engine.</summary>
public sealed class SampleClassifierTests : IAsyncLifetime
{
    private const int RowsTogether = 15;
    private readonly TempFolder data = new();
    private readonly TensorPool pool = new(poison: true);
    private OnnxInferenceEngine engine = null!;
    private ModelRepository repository = null!;

    private VersionEntry Keyword => repository.State.Models[Clips.Model].Find(1)!;

    public async Task InitializeAsync()
    {
        engine = new OnnxInferenceEngine(new EngineSettings(), pool, TimeProvider.System);
        repository = new ModelRepository(new RepositorySettings([RepositoryRoot.SampleModels], Zone.Edge, data.Path), engine, OnnxScan.Scan);
        Assert.Null((await repository.LoadAsync(Clips.Model, null, CancellationToken.None)).Failure);
    }

    public async Task DisposeAsync()
    {
        await engine.DisposeAsync();
        Assert.Equal(0, pool.Leased);
        data.Dispose();
    }

    [Fact]
    public async Task Verdicts_are_bit_equal_alone_and_together_and_tell_hard_clips()
    {
        var rows = File.ReadAllBytes(Clips.PathOf("evaluation.bin")).Chunk(Clips.Samples * sizeof(short)).ToArray();
        var conditions = File.ReadLines(Clips.PathOf("evaluation.csv")).Skip(1).Select(line => line.Split(',')[3]).ToArray();
        var alone = new List<float>();
        foreach (var row in rows) alone.AddRange(await AskAsync(row, 1));
        var together = new List<float>();
        foreach (var part in rows.Chunk(RowsTogether)) together.AddRange(await AskAsync([.. part.SelectMany(r => r)], part.Length));

        Assert.Equal(alone, together);
        var threshold = Keyword.Manifest!.Classifier!.Threshold;
        int Sent(string condition) => alone.Where((verdict, i) => conditions[i] == condition && verdict >= threshold).Count();
        Assert.InRange(Sent("easy"), 0, 4);
        Assert.InRange(Sent("hard"), 24, 66);
    }

    [Fact]
    public void Classifier_is_small_and_no_variant()
    {
        Assert.InRange(Keyword.Manifest!.Classifier!.FileBytes, 1, 10_000);
        Assert.Equal(["tiny-int8"], Keyword.Loaded.Select(l => l.Key.Variant));
        Assert.Equal(["classifier", "tiny-int8"], engine.State.Variants.Keys.Select(k => k.Variant).Order(StringComparer.Ordinal));
    }

    private async Task<float[]> AskAsync(byte[] audio, int rows)
    {
        using var lease = pool.Copy(audio);
        var input = new Tensor("audio", TensorDataType.Int16, new TensorShape(rows, Clips.Samples), lease);
        var outcome = await engine.RunAsync(new EngineRequest(Keyword.Classifier!.Key, [input], [Keyword.Manifest!.Classifier!.Output], Wait.Long), CancellationToken.None);
        Assert.Null(outcome.Failure);
        var verdicts = MemoryMarshal.Cast<byte, float>(outcome.Outputs[0].Data.Span).ToArray();
        outcome.Outputs[0].Data.Release();
        return verdicts;
    }
}
