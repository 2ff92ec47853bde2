using System.Runtime.InteropServices;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Engine;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

public sealed class EngineLifeTests
{
    private const long Forever = 1_000_000_000;

    [Fact]
    public async Task Deadline_that_passes_during_a_run_hands_its_buffers_to_nobody()
    {
        var clock = EngineHarness.FakeClock();
        await using var harness = new EngineHarness(clock: clock);
        await harness.Load(GraphModel.New().Input("a", GraphModel.Float, 2048, 2048).Node("MatMul", "a a", "y").Output("y", GraphModel.Float, 2048, 2048).Build());
        var input = harness.Pool.Rent(2048 * 2048 * sizeof(float));
        input.Span.Clear();
        MemoryMarshal.TryGetArray<byte>(input.Memory, out var held);

        var run = harness.Run([new Tensor("a", TensorDataType.Fp32, new TensorShape(2048, 2048), input)], timeLeft: TimeSpan.FromSeconds(1));
        await EngineHarness.Until(() => harness.Statistics().Running == 1, "the run started");
        clock.Advance(TimeSpan.FromSeconds(1));
        var outcome = await run;

        Assert.Equal(FailureCode.DeadlineExceeded, outcome.Failure!.Code);
        Assert.Equal((1, 1), (harness.Statistics().Running, input.Holders)); // The matrix product is one node: it cannot be cut short.
        var other = harness.Pool.Rent(input.Length);
        MemoryMarshal.TryGetArray<byte>(other.Memory, out var rented);
        Assert.NotSame(held.Array, rented.Array);
        Assert.False(held.AsSpan().Contains(TensorPool.PoisonByte), "the run's input was given back while it ran");
        other.Release();
        await EngineHarness.Until(() => harness.Pool.Leased == 0, "the run gave its buffers back");
        Assert.Equal(TensorPool.PoisonByte, held.Array![0]);
    }

    [Fact]
    public async Task Hundred_cancelled_long_runs_leave_no_busy_slot()
    {
        await using var harness = new EngineHarness();
        await harness.Load(EngineHarness.Slow());
        using var cancel = new CancellationTokenSource();
        var runs = Enumerable.Range(0, 100).Select(_ => harness.Run(harness.SlowInputs(Forever), cancel.Token)).ToArray();
        await EngineHarness.Until(() => harness.Statistics() is { Running: 2, Waiting: 98 }, "two run and the others wait");

        await cancel.CancelAsync();

        Assert.All(await Task.WhenAll(runs), o => Assert.Equal(FailureCode.Cancelled, o.Failure!.Code));
        await EngineHarness.Until(() => harness.Statistics() is { Running: 0, Waiting: 0 } && harness.Pool.Leased == 0, "nothing runs, waits or is held");
        Assert.Equal(100, harness.Statistics().Cancelled);
        EngineHarness.Holds(await harness.Run(harness.SlowInputs(5)), 5);
    }

    [Fact]
    public async Task Cancelling_one_run_after_another_leaves_the_next_whole()
    {
        await using var harness = new EngineHarness();
        await harness.Load(EngineHarness.Slow(), instances: 1);
        for (var i = 0; i < 50; i++)
        {
            using var cancel = new CancellationTokenSource();
            var cancelled = harness.Run(harness.SlowInputs(Forever), cancel.Token);
            var next = harness.Run(harness.SlowInputs(3, i));
            await cancel.CancelAsync();
            Assert.Equal(FailureCode.Cancelled, (await cancelled).Failure!.Code);
            EngineHarness.Holds(await next, i + 3f);
        }
    }

    [Fact]
    public async Task Deadline_ends_a_running_and_a_waiting_request()
    {
        await using var harness = new EngineHarness();
        await harness.Load(EngineHarness.Slow(), instances: 1);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => harness.Run(harness.SlowInputs(Forever), timeLeft: TimeSpan.FromMilliseconds(50))));

        Assert.All(outcomes, o => Assert.Equal(FailureCode.DeadlineExceeded, o.Failure!.Code));
        Assert.Equal(FailureCode.DeadlineExceeded, (await harness.Run(harness.SlowInputs(1), timeLeft: TimeSpan.Zero)).Failure!.Code);
        await EngineHarness.Until(() => harness.Pool.Leased == 0, "the run ended");
    }

    [Fact]
    public async Task Full_queue_answers_when_to_come_back()
    {
        await using var harness = new EngineHarness();
        await harness.Load(EngineHarness.Slow(), EngineHarness.Batch(0, default, 2), instances: 1);
        EngineHarness.Release(await harness.Run(harness.SlowInputs(1000)));
        using var cancel = new CancellationTokenSource();
        var first = harness.Run(harness.SlowInputs(Forever), cancel.Token);
        await EngineHarness.Until(() => harness.Statistics().Running == 1, "the first runs");
        var waiting = Enumerable.Range(0, 2).Select(_ => harness.Run(harness.SlowInputs(Forever), cancel.Token)).ToArray();

        var refused = (await harness.Run(harness.SlowInputs(1))).Failure!;

        Assert.Equal((FailureCode.Overloaded, "2 requests already wait for this model. Try again after the time given."), (refused.Code, refused.Message));
        Assert.InRange(refused.RetryAfter!.Value, Limits.RetryAfterMin, Limits.RetryAfterMax);
        Assert.Equal(1, harness.Statistics().Rejected);
        await cancel.CancelAsync();
        await Task.WhenAll([first, .. waiting]);
        await EngineHarness.Until(() => harness.Pool.Leased == 0, "the runs ended");
    }

    [Fact]
    public async Task Priority_one_goes_first()
    {
        await using var harness = new EngineHarness();
        await harness.Load(EngineHarness.Slow(), instances: 1);
        using var cancel = new CancellationTokenSource();
        var blocker = harness.Run(harness.SlowInputs(Forever), cancel.Token);
        await EngineHarness.Until(() => harness.Statistics().Running == 1, "the first runs");

        var runs = new[] { 7, 0, 1 }.Select(priority => harness.Run(harness.SlowInputs(1000), priority: priority)).ToArray();
        await cancel.CancelAsync();
        var outcomes = await Task.WhenAll(runs);

        Assert.Equal(FailureCode.Cancelled, (await blocker).Failure!.Code);
        Assert.True(outcomes[2].Times.Queue < outcomes[1].Times.Queue && outcomes[1].Times.Queue < outcomes[0].Times.Queue);
        foreach (var outcome in outcomes) EngineHarness.Release(outcome);
    }

    [Fact]
    public async Task Reload_under_load_fails_nobody()
    {
        await using var harness = new EngineHarness();
        await harness.Load(EngineHarness.Add(0));
        var done = false;
        var answers = 0;
        var callers = Enumerable.Range(0, 8).Select(async _ =>
        {
            while (!Volatile.Read(ref done))
            {
                Assert.InRange(EngineHarness.Take<float>(await harness.Run([harness.Floats("x", [1, 4], 1, 1, 1, 1)]))[0], 1, 11);
                Interlocked.Increment(ref answers);
            }
        }).ToArray();

        for (var i = 1; i <= 10; i++)
        {
            await harness.Load(EngineHarness.Add(i));
            Assert.Equal(i + 1, EngineHarness.Take<float>(await harness.Run([harness.Floats("x", [1, 4], 1, 1, 1, 1)]))[0]);
        }

        Volatile.Write(ref done, true);
        await Task.WhenAll(callers);
        Assert.True(answers > 10);
    }

    [Fact]
    public async Task Unload_lets_requests_in_flight_finish()
    {
        await using var harness = new EngineHarness();
        await harness.Load(EngineHarness.Slow(), instances: 1);
        var runs = Enumerable.Range(0, 5).Select(_ => harness.Run(harness.SlowInputs(20_000))).ToArray();
        await EngineHarness.Until(() => harness.Statistics().Running == 1, "the first runs");

        Assert.True(await harness.Engine.UnloadAsync(EngineHarness.Key(), default));

        Assert.All(runs, r => Assert.True(r.IsCompleted || !r.IsFaulted));
        Assert.All(await Task.WhenAll(runs), o => Assert.Equal([20_000], EngineHarness.Take<float>(o)));
        Assert.Equal(FailureCode.ModelNotReady, (await harness.Run(harness.SlowInputs(1))).Failure!.Code);
        Assert.False(await harness.Engine.UnloadAsync(EngineHarness.Key(), default));
    }

    [Fact]
    public async Task Stopping_gives_up_what_outlives_the_drain()
    {
        var harness = new EngineHarness(new EngineSettings { DefaultInstances = 1, DrainMax = TimeSpan.FromMilliseconds(50) });
        await harness.Load(EngineHarness.Slow());
        var runs = Enumerable.Range(0, 3).Select(_ => harness.Run(harness.SlowInputs(Forever))).ToArray();
        await EngineHarness.Until(() => harness.Statistics() is { Running: 1, Waiting: 2 }, "one runs, two wait");

        await harness.Engine.DisposeAsync();

        Assert.All(await Task.WhenAll(runs), o => Assert.Equal(FailureCode.ShuttingDown, o.Failure!.Code));
        Assert.Equal(FailureCode.ShuttingDown, (await harness.Run(harness.SlowInputs(1))).Failure!.Code);
        await EngineHarness.Until(() => harness.Pool.Leased == 0, "everything was given back");
    }

    [Fact]
    public async Task Times_and_totals_are_recorded()
    {
        await using var harness = new EngineHarness();
        await harness.Load(EngineHarness.Slow(), instances: 1);

        var outcome = await harness.Run(harness.SlowInputs(10_000));
        EngineHarness.Release(outcome);

        var statistics = harness.Statistics();
        Assert.Equal(1, outcome.Times.BatchSize);
        Assert.True(outcome.Times.Compute > TimeSpan.Zero && statistics.SuccessTime >= outcome.Times.Compute);
        Assert.Equal((1L, 1L, 1L, 1L), (statistics.Successes, statistics.Rows, statistics.Executions, statistics.Batches[1].Count));
        Assert.True(statistics.LastInferenceUnixMs > 0);
    }
}
