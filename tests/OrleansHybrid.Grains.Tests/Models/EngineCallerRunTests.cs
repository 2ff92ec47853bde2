using System.Threading.Channels;
using OrleansHybrid.Domain;
using OrleansHybrid.Inference.Engine;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>Short runs on the caller's own thread, where the host allows it. The test runner has a synchronization context, so callers here are made by <see cref="Task.Run(Action)"/>.</summary>
public sealed class EngineCallerRunTests
{
    private static readonly EngineSettings Allowed = new() { DefaultInstances = 2, CallerRunMax = TimeSpan.FromMinutes(1), DrainMax = TimeSpan.FromSeconds(20) };

    [Fact]
    public async Task Short_run_is_done_when_the_call_returns_once_its_length_is_known()
    {
        await using var harness = new EngineHarness(Allowed);
        await harness.Load(EngineHarness.Add(1));

        EngineHarness.Holds(await Task.Run(() => harness.Run([harness.Floats("x", [1, 4], 1, 2, 3, 4)])), 2, 3, 4, 5);
        await Task.Run(() =>
        {
            var call = harness.Run([harness.Floats("x", [1, 4], 5, 6, 7, 8)]);
            Assert.True(call.IsCompletedSuccessfully);
            EngineHarness.Holds(Done(call), 6, 7, 8, 9);
        });

        Assert.Equal((2, 2, 0), (harness.Statistics().Successes, harness.Statistics().Executions, harness.Statistics().Running));
    }

    [Fact]
    public async Task Caller_with_a_synchronization_context_is_not_held()
    {
        await using var harness = new EngineHarness(Allowed);
        await harness.Load(EngineHarness.Slow());
        EngineHarness.Release(await harness.Run(harness.SlowInputs(1)));
        using var cancel = new CancellationTokenSource();

        var call = Task.Factory.StartNew(
            () =>
            {
                SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
                return harness.Run(harness.SlowInputs(1_000_000_000), cancel.Token);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var pending = await call;
        Assert.False(pending.IsCompleted);
        await cancel.CancelAsync();

        Assert.Equal(FailureCode.Cancelled, (await pending).Failure!.Code);
    }

    [Fact]
    public async Task Deadline_and_caller_end_a_run_on_the_callers_thread()
    {
        await using var harness = new EngineHarness(Allowed);
        await harness.Load(EngineHarness.Slow());
        EngineHarness.Release(await Task.Run(() => harness.Run(harness.SlowInputs(1))));
        using var cancel = new CancellationTokenSource();

        var late = await Task.Run(() => harness.Run(harness.SlowInputs(1_000_000_000), timeLeft: TimeSpan.FromMilliseconds(50)));
        var given = Task.Run(() => harness.Run(harness.SlowInputs(1_000_000_000), cancel.Token));
        await EngineHarness.Until(() => harness.Statistics().Running == 1, "the run started");
        await cancel.CancelAsync();

        Assert.Equal((FailureCode.DeadlineExceeded, FailureCode.Cancelled), (late.Failure!.Code, (await given).Failure!.Code));
        Assert.Equal(0, harness.Statistics().Running);
        EngineHarness.Holds(await Task.Run(() => harness.Run(harness.SlowInputs(5))), 5);
    }

    [Fact]
    public async Task Unloading_waits_for_runs_on_callers_threads_and_loses_none()
    {
        await using var harness = new EngineHarness(Allowed);
        var answers = Channel.CreateUnbounded<FailureCode?>();
        await harness.Load(EngineHarness.Add(1));
        using var stop = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var outcome = await harness.Run([harness.Floats("x", [1, 4], 1, 2, 3, 4)]);
                if (outcome.Failure is null) EngineHarness.Holds(outcome, 2, 3, 4, 5);
                await answers.Writer.WriteAsync(outcome.Failure?.Code);
            }
        })).ToArray();

        for (var i = 0; i < 20; i++) await harness.Load(EngineHarness.Add(1)); // Each replaces the one before it.
        Assert.True(await harness.Engine.UnloadAsync(EngineHarness.Key(), CancellationToken.None));
        await stop.CancelAsync();
        await Task.WhenAll(callers);

        answers.Writer.Complete();
        var codes = await answers.Reader.ReadAllAsync().ToListAsync();
        Assert.All(codes, c => Assert.True(c is null or FailureCode.ModelNotReady, $"{c}"));
        Assert.Contains(null, codes);
    }

    private static T Done<T>(Task<T> task) => task.GetAwaiter().GetResult();
}
