using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Routing.Fit;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Grains.Routing;
using OrleansHybrid.Grains.Tests.Models;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Routing.Fit;

/// <summary>What the worksheet measures: real runs of real graphs, bounded.</summary>
public class FitMeterTests
{
    private static readonly TensorSpec[] Inputs = [new("x", TensorDataType.Fp32, new TensorShape(-1, 4))];
    private static readonly TensorSpec[] Outputs = [new("y", TensorDataType.Fp32, new TensorShape(-1, 4))];

    [Fact]
    public async Task Variant_that_is_loaded_is_timed_and_its_cells_say_measured()
    {
        await using var harness = new EngineHarness();
        await harness.Load(EngineHarness.Add(1));

        var figures = await Meter(harness).MeasureAsync(Manifest(latencyMs: 5000), 16, CancellationToken.None);

        var runs = figures.Runs["v"];
        Assert.Equal((Limits.FitRunsMax, false), (runs.Samples, runs.Live));
        Assert.True(runs.MsP50 > 0 && runs.MsP50 <= runs.MsP95 && runs.ColdStartMs > 0);
        var edge = FitRules.Compute(Answers, figures, new PolicyConfig(), DateTimeOffset.UnixEpoch).Matrix.Row("latency").Edge;
        Assert.Equal((FitMark.Yes, FigureSource.Measured, runs.MsP95), (edge.Mark, edge.Source, edge.Number));
    }

    [Fact]
    public async Task Requests_of_the_last_minute_count_before_made_up_runs()
    {
        await using var harness = new EngineHarness();
        await harness.Load(EngineHarness.Add(1));

        var figures = await Meter(harness, new VariantLoad(0, 77, 0, Limits.FitRunsMax)).MeasureAsync(Manifest(1), 16, CancellationToken.None);

        Assert.Equal((77, Limits.FitRunsMax, true), (figures.Runs["v"].MsP95, figures.Runs["v"].Samples, figures.Runs["v"].Live));
    }

    [Fact]
    public async Task Model_that_refuses_zeros_stays_untimed_and_keeps_its_declared_figure()
    {
        await using var harness = new EngineHarness();
        var failing = GraphModel.New().Input("x", GraphModel.Float, "N", 4).Input("i", GraphModel.Int64, 1).Initializer("nine", GraphModel.Int64, [1], 9L)
            .Node("Add", "i nine", "j").Node("Gather", "x j", "y").Output("y", GraphModel.Float, 1, 4).Build();
        await harness.Load(failing);

        var figures = await Meter(harness).MeasureAsync(Manifest(latencyMs: 3), 16, CancellationToken.None);

        Assert.Empty(figures.Runs);
        var edge = FitRules.Compute(Answers, figures, new PolicyConfig(), DateTimeOffset.UnixEpoch).Matrix.Row("latency").Edge;
        Assert.Equal((FigureSource.Declared, 3), (edge.Source, edge.Number));
    }

    [Fact]
    public void Made_up_input_is_one_row_of_about_the_expected_size()
    {
        var pool = new TensorPool();
        TensorSpec[] tokens = [new("ids", TensorDataType.Int64, new TensorShape(-1, -1)), new("mask", TensorDataType.Int64, new TensorShape(-1, -1))];

        var made = SyntheticInput.Make(tokens, 2048, pool)!;

        Assert.All(made, t => Assert.Equal(new TensorShape(1, 128), t.Shape));
        foreach (var tensor in made) tensor.Data.Release();
        Assert.Null(SyntheticInput.Make([new("huge", TensorDataType.Fp32, new TensorShape(1, 1 << 30))], null, pool));
        Assert.Equal(0, pool.Leased);
    }

    private static FitAnswers Answers => new() { Feature = "f", Owner = "me", ArrivesIn = Zone.Edge, LatencyTargetMs = 1000, Privacy = PrivacyCeiling.Edge };

    private static ModelManifest Manifest(double latencyMs) => new(
        "m", 1, "", "", Inputs, Outputs, null, PrivacyCeiling.Any, null, BatchingSettings.None,
        [new VariantManifest("v", "v.onnx", [Zone.Edge], 1, latencyMs, "sha256:0", 100, InstanceSettings.Default)], "sha256:0");

    private static FitMeter Meter(EngineHarness harness, VariantLoad load = default) => new(harness.Engine, new Snapshots(load), harness.Pool, harness.Clock);

    private sealed class Snapshots(VariantLoad load) : ISnapshotSource
    {
        public ZoneSnapshot Current { get; } = SnapshotBuilder.Build(new SnapshotInputs(
            "eu-west", Zone.Edge, "n", CompiledPolicy.Empty, RepositoryState.Empty, new Dictionary<VariantKey, VariantLoad> { [EngineHarness.Key()] = load }, [], []) { MemoryBytes = 1L << 30 });
    }
}
