using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

public sealed class EngineBatchingTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Concurrent_requests_share_runs_and_get_their_own_rows()
    {
        await using var harness = new EngineHarness();
        await harness.Load(EngineHarness.Add(1), EngineHarness.Batch(16, TimeSpan.FromMilliseconds(20)));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => harness.Run([harness.Floats("x", [1, 4], i, i, i, i)])));

        for (var i = 0; i < outcomes.Length; i++) Assert.Equal([i + 1, i + 1, i + 1, i + 1], EngineHarness.Take<float>(outcomes[i]));
        var statistics = harness.Statistics();
        Assert.Equal((64, 64), (statistics.Successes, statistics.Rows));
        Assert.True(statistics.Rows / (double)statistics.Executions > 1, $"{statistics.Executions} runs for 64 requests");
        Assert.All(statistics.Batches.Keys, size => Assert.InRange(size, 1, 16));
    }

    [Fact]
    public async Task Requests_of_several_rows_are_joined_and_cut_right()
    {
        await using var harness = new EngineHarness();
        await harness.Load(EngineHarness.Add(1), EngineHarness.Batch(6, Long), instances: 1);

        var outcomes = await Task.WhenAll(new[] { 1, 3, 2 }.Select(rows => harness.Run([harness.Floats("x", [rows, 4], [.. Enumerable.Range(0, rows * 4).Select(v => (float)(v * rows))])])));

        Assert.All(outcomes, o => Assert.Equal(6, o.Times.BatchSize));
        Assert.Equal(["[1,4]", "[3,4]", "[2,4]"], outcomes.Select(o => o.Outputs[0].Shape.ToString()));
        Assert.Equal(Enumerable.Range(0, 12).Select(v => (v * 3f) + 1), EngineHarness.Take<float>(outcomes[1]));
        EngineHarness.Release(outcomes[0]);
        EngineHarness.Release(outcomes[2]);
        Assert.Equal(1, harness.Statistics().Executions);
    }

    [Fact]
    public async Task Preferred_size_runs_without_waiting_for_the_maximum()
    {
        await using var harness = new EngineHarness();
        await harness.Load(EngineHarness.Add(1), EngineHarness.Batch(16, Long, 256, 4), instances: 1);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => harness.Run([harness.Floats("x", [1, 4], 1, 2, 3, 4)])));

        Assert.All(outcomes, o => Assert.Equal(4, o.Times.BatchSize));
        foreach (var outcome in outcomes) EngineHarness.Release(outcome);
    }

    [Fact]
    public async Task Lonely_request_runs_when_its_delay_is_over()
    {
        var clock = EngineHarness.FakeClock();
        await using var harness = new EngineHarness(clock: clock);
        await harness.Load(EngineHarness.Add(1), EngineHarness.Batch(16, TimeSpan.FromSeconds(5)));

        var run = harness.Run([harness.Floats("x", [1, 4], 1, 2, 3, 4)]);
        await EngineHarness.Until(() => harness.Statistics().Waiting == 1, "the request waits");
        Assert.Equal(0, harness.Statistics().Executions);
        clock.Advance(TimeSpan.FromSeconds(5));

        EngineHarness.Holds(await run, 2, 3, 4, 5);
    }

    [Fact]
    public async Task Unlike_shapes_never_mix()
    {
        await using var harness = new EngineHarness();
        await harness.Load(GraphModel.New().Input("x", GraphModel.Float, "N", "W").Node("Neg", "x", "y").Output("y", GraphModel.Float, "N", "W").Build(), EngineHarness.Batch(8, TimeSpan.FromMilliseconds(50)));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => harness.Run([harness.Floats("x", [1, 1 + (i % 2)], [.. Enumerable.Repeat((float)i, 1 + (i % 2))])])));

        for (var i = 0; i < 16; i++) Assert.Equal(Enumerable.Repeat(-(float)i, 1 + (i % 2)), EngineHarness.Take<float>(outcomes[i]));
    }

    [Fact]
    public async Task Bad_row_among_eight_fails_alone()
    {
        await using var harness = new EngineHarness();
        await harness.Load(EngineHarness.Table(), EngineHarness.Batch(8, Long), instances: 1);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => harness.Run([harness.Of("i", TensorDataType.Int64, [1], i == 5 ? 99L : i % 4)])));

        for (var i = 0; i < 8; i++)
        {
            if (i == 5) Assert.Equal(FailureCode.BadInput, outcomes[i].Failure!.Code);
            else Assert.Equal([i % 4 * 10f, (i % 4 * 10f) + 1], EngineHarness.Take<float>(outcomes[i]));
        }

        Assert.StartsWith("The model failed on this input at its Gather node: ", outcomes[5].Failure!.Message);
        Assert.DoesNotContain("/", outcomes[5].Failure!.Message);
        Assert.Equal((7, 1), (harness.Statistics().Successes, harness.Statistics().Failures));
    }

    [Fact]
    public async Task Too_many_rows_are_refused_with_the_bound()
    {
        await using var harness = new EngineHarness();
        await harness.Load(EngineHarness.Add(1), EngineHarness.Batch(2));

        var outcome = await harness.Run([harness.Floats("x", [3, 4], new float[12])]);

        Assert.Equal((FailureCode.BadInput, "The request has 3 rows; this model takes at most 2 (its max_batch_size). Send fewer at once."), (outcome.Failure!.Code, outcome.Failure.Message));
    }

    [Fact]
    public async Task Strings_run_alone_under_declared_batching()
    {
        await using var harness = new EngineHarness();
        await harness.Load(GraphModel.New().Input("x", GraphModel.String, "N").Node("Identity", "x", "y").Output("y", GraphModel.String, "N").Build(), EngineHarness.Batch(8, Long));

        var outcome = await harness.Run([harness.Strings("x", [2], "a"u8.ToArray(), "bc"u8.ToArray())]);

        Assert.Equal(2, outcome.Times.BatchSize);
        EngineHarness.Release(outcome);
    }

    [Fact]
    public async Task Batching_over_an_output_that_does_not_follow_the_rows_is_refused_at_load()
    {
        await using var harness = new EngineHarness();
        var model = GraphModel.New().Input("x", GraphModel.Float, "N", 4).Node("ReduceSum", "x", "y", ("keepdims", 0)).Output("y", GraphModel.Float).Build();

        var outcome = await harness.Engine.LoadAsync(EngineHarness.Variant(model, EngineHarness.Batch(4)), default);

        Assert.Contains("output 'y' has shape [] for one row and [] for 3", outcome.Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(harness.Engine.State.Variants);
    }

    [SkippableFact]
    public async Task Rows_of_a_real_model_answer_the_same_alone_and_together()
    {
        var mnist = GraphFiles.Read("mnist_batch");
        await using var harness = new EngineHarness();
        await harness.Load(mnist, model: "alone");
        await harness.Load(mnist, EngineHarness.Batch(8, Long), instances: 1, model: "together");
        var random = new Random(3);
        var images = Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, 784).Select(_ => random.NextSingle() * 255).ToArray()).ToArray();
        Task<EngineOutcome> Ask(string model, float[] image) => harness.Run([harness.Floats("Input3", [1, 1, 28, 28], image)], model: model);

        var together = await Task.WhenAll(images.Select(i => Ask("together", i)));

        for (var i = 0; i < images.Length; i++)
        {
            var alone = EngineHarness.Take<float>(await Ask("alone", images[i]));
            var row = EngineHarness.Take<float>(together[i]);
            for (var c = 0; c < alone.Length; c++) Assert.Equal(alone[c], row[c], Math.Abs(alone[c]) * 1e-4 + 1e-3);
        }

        Assert.Equal(1, harness.Statistics("together").Executions);
    }

    [SkippableFact]
    public async Task Batch_dimension_that_is_not_the_first_is_found_at_warm_up()
    {
        var silero = GraphFiles.Read("silero_vad_16k");
        await using var harness = new EngineHarness();
        await harness.Load(silero, model: "alone");
        await harness.Load(silero, EngineHarness.Batch(4, Long), instances: 1, model: "together");
        var random = new Random(5);
        var sounds = Enumerable.Range(0, 4).Select(_ => Enumerable.Range(0, 576).Select(_ => (random.NextSingle() * 2) - 1).ToArray()).ToArray();
        Task<EngineOutcome> Ask(string model, float[] sound) => harness.Run(
            [harness.Floats("input", [1, 576], sound), harness.Floats("state", [2, 1, 128], new float[256]), harness.Of("sr", TensorDataType.Int64, [], 16000L)], model: model);

        var together = await Task.WhenAll(sounds.Select(s => Ask("together", s)));

        for (var i = 0; i < sounds.Length; i++)
        {
            var alone = await Ask("alone", sounds[i]);
            Assert.Equal(alone.Outputs.Select(o => o.Shape), together[i].Outputs.Select(o => o.Shape));
            Assert.Equal(EngineHarness.Take<float>(alone), EngineHarness.Take<float>(together[i]), (a, b) => Math.Abs(a - b) < 1e-4);
            Assert.Equal(EngineHarness.Take<float>(alone, 1), EngineHarness.Take<float>(together[i], 1), (a, b) => Math.Abs(a - b) < 1e-4);
        }

        Assert.Equal(1, harness.Statistics("together").Executions);
    }
}
