using Microsoft.Extensions.Time.Testing;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Engine;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>The memory budget over real sessions; every model counts for ten bytes unless it says otherwise.</summary>
public sealed class ResidentEngineTests : IAsyncDisposable
{
    private readonly TensorPool pool = new(poison: true);
    private readonly FakeTimeProvider clock = EngineHarness.FakeClock();
    private readonly Dictionary<string, int> reads = [];
    private readonly List<string> notes = [];
    private ResidentEngine engine;

    public ResidentEngineTests() => engine = Make(new EngineSettings { MemoryBudgetBytes = 20, DefaultInstances = 1 });

    [Fact]
    public async Task Least_recently_used_leaves_for_another_and_stays_known()
    {
        await LoadAsync("a", "b");
        Assert.Equal(2, await RunAsync("a"));
        await LoadAsync("c");

        Assert.Equal((true, false, true), (IsResident("a"), IsResident("b"), IsResident("c")));
        Assert.Equal((20, 1, 3), (engine.ResidentBytes, engine.Residency.EvictedForBudget, engine.Residency.Loaded));
        Assert.Contains(notes, n => n.Contains("b@1/v: left the memory", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_of_what_left_loads_it_again_and_goes_on_counting()
    {
        await LoadAsync("a", "b", "c");
        Assert.False(IsResident("a"));

        Assert.Equal(2, await RunAsync("a"));
        Assert.Equal(2, await RunAsync("a"));

        Assert.True(IsResident("a"));
        Assert.Equal((1, 1, 2), (reads["a"], engine.Residency.LoadedAgain, engine.State.Variants[EngineHarness.Key("a")].Statistics.Successes));
        Assert.Equal(20, engine.ResidentBytes);
    }

    [Fact]
    public async Task Many_that_ask_at_once_wait_for_one_load()
    {
        await LoadAsync("a", "b", "c");

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => RunAsync("a"))), v => Assert.Equal(2, v));

        Assert.Equal(1, reads["a"]);
    }

    [Fact]
    public async Task Larger_than_the_budget_is_refused_with_the_reason()
    {
        await LoadAsync("a", "b");
        var outcome = await engine.LoadAsync(Variant("c") with { MemoryBytes = 21 }, CancellationToken.None);

        Assert.Contains("expected a variant of at most 20 bytes", outcome.Failure!.Message, StringComparison.Ordinal);
        Assert.True(IsResident("a") && IsResident("b"));
    }

    [Fact]
    public async Task What_runs_stays_and_the_load_waits_for_its_end()
    {
        await engine.DisposeAsync();
        engine = Make(new EngineSettings { MemoryBudgetBytes = 10, DefaultInstances = 1 });
        await engine.LoadAsync(Variant("slow", EngineHarness.Slow()), CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var running = RunSlowAsync(stop.Token);
        await EngineHarness.Until(() => engine.State.Variants[EngineHarness.Key("slow")].Statistics.Running == 1, "the run begins");

        var loading = engine.LoadAsync(Variant("a"), CancellationToken.None).AsTask();
        Assert.True(IsResident("slow"));
        Assert.False(loading.IsCompleted);
        await stop.CancelAsync();

        Assert.Equal(FailureCode.Cancelled, (await running).Failure!.Code);
        Assert.Null((await loading.WaitAsync(EngineHarness.Bound)).Failure);
        Assert.Equal((false, true), (IsResident("slow"), IsResident("a")));
    }

    [Fact]
    public async Task No_room_while_all_runs_is_told_after_a_bound()
    {
        await engine.DisposeAsync();
        engine = Make(new EngineSettings { MemoryBudgetBytes = 10, DefaultInstances = 1 });
        await engine.LoadAsync(Variant("pinned") with { Again = null }, CancellationToken.None);

        var loading = engine.LoadAsync(Variant("a"), CancellationToken.None).AsTask();
        clock.Advance(Limits.MemoryWaitMax);

        var failure = (await loading.WaitAsync(EngineHarness.Bound)).Failure!;
        Assert.Equal(FailureCode.Overloaded, failure.Code);
        Assert.NotNull(failure.RetryAfter);
    }

    [Fact]
    public async Task Idle_leaves_and_comes_back()
    {
        await engine.DisposeAsync();
        engine = Make(new EngineSettings { IdleUnloadAfter = TimeSpan.FromMinutes(10), DefaultInstances = 1 });
        await LoadAsync("a", "b");
        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(2, await RunAsync("a"));
        clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal((true, false), (IsResident("a"), IsResident("b")));
        Assert.Equal((1, 0), (engine.Residency.EvictedIdle, engine.Residency.EvictedForBudget));
        Assert.Equal(2, await RunAsync("b"));
    }

    [Fact]
    public async Task Load_that_outlasts_the_caller_fails_the_caller_alone()
    {
        await LoadAsync("b", "c");
        var gate = new TaskCompletionSource();
        await engine.LoadAsync(Variant("a") with { Again = async _ => { await gate.Task; return (Variant("a"), null); } }, CancellationToken.None);
        await LoadAsync("d", "e");
        Assert.False(IsResident("a"));

        var waiting = OutcomeAsync("a", TimeSpan.FromSeconds(1));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(FailureCode.DeadlineExceeded, (await waiting.WaitAsync(EngineHarness.Bound)).Failure!.Code);
        gate.SetResult();

        await EngineHarness.Until(() => IsResident("a"), "the load goes on");
    }

    [Fact]
    public async Task What_cannot_be_read_again_fails_with_the_reason_and_is_not_tried_at_once()
    {
        var tries = 0;
        await engine.LoadAsync(Variant("a") with { Again = _ => { tries++; return new((null, new InferenceFailure(FailureCode.ModelNotReady, "its files changed"))); } }, CancellationToken.None);
        await LoadAsync("b", "c");

        for (var i = 0; i < 3; i++) Assert.Equal("its files changed", (await OutcomeAsync("a")).Failure!.Message);
        Assert.Equal(1, tries);
        clock.Advance(Limits.ReloadRetryAfter);
        await OutcomeAsync("a");

        Assert.Equal(2, tries);
        Assert.Equal(20, engine.ResidentBytes);
    }

    [Fact]
    public async Task Unloaded_is_not_known_any_more()
    {
        await LoadAsync("a", "b", "c");
        Assert.True(await engine.UnloadAsync(EngineHarness.Key("a"), CancellationToken.None));
        Assert.True(await engine.UnloadAsync(EngineHarness.Key("b"), CancellationToken.None));

        Assert.Equal([EngineHarness.Key("c")], engine.State.Variants.Keys);
        Assert.Equal(10, engine.ResidentBytes);
        Assert.Equal(FailureCode.ModelNotReady, (await OutcomeAsync("a")).Failure!.Code);
    }

    [Fact]
    public async Task Budget_holds_and_every_run_is_right_under_traffic_on_more_models_than_fit()
    {
        var names = Enumerable.Range(0, 5).Select(i => $"m{i}").ToArray();
        await LoadAsync(names);
        var highest = 0L;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 60; i++)
            {
                Assert.Equal(2, await RunAsync(names[random.Next(names.Length)]));
                InterlockedMax(ref highest, engine.ResidentBytes);
            }
        })));

        Assert.InRange(highest, 1, 20);
        Assert.True(engine.Residency.EvictedForBudget > 3);
    }

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        Assert.Equal(0, pool.Leased);
    }

    private static void InterlockedMax(ref long target, long value)
    {
        for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target)) Interlocked.CompareExchange(ref target, value, seen);
    }

    private ResidentEngine Make(EngineSettings settings) => new(new OnnxInferenceEngine(settings, pool, TimeProvider.System), settings, clock, notes.Add);

    private VariantToLoad Variant(string model, byte[]? onnx = null) => EngineHarness.Variant(onnx ?? EngineHarness.Add(1), model: model) with
    {
        MemoryBytes = 10,
        Again = _ =>
        {
            lock (reads) reads[model] = reads.GetValueOrDefault(model) + 1;
            return new((Variant(model, onnx), null));
        },
    };

    private async Task LoadAsync(params string[] models)
    {
        foreach (var model in models)
        {
            Assert.Null((await engine.LoadAsync(Variant(model), CancellationToken.None)).Failure);
            clock.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    private bool IsResident(string model) => engine.State.Variants[EngineHarness.Key(model)].IsResident;

    private async Task<float> RunAsync(string model)
    {
        var outcome = await OutcomeAsync(model);
        return EngineHarness.Take<float>(outcome)[0];
    }

    private async Task<EngineOutcome> OutcomeAsync(string model, TimeSpan? timeLeft = null)
    {
        var input = new Tensor("x", TensorDataType.Fp32, new TensorShape(1, 4), pool.Copy(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>([1, 1, 1, 1])));
        var outcome = await engine.RunAsync(new EngineRequest(EngineHarness.Key(model), [input], [], timeLeft ?? EngineHarness.Bound), CancellationToken.None);
        input.Data.Release();
        return outcome;
    }

    private async Task<EngineOutcome> RunSlowAsync(CancellationToken cancellationToken)
    {
        Tensor[] inputs =
        [
            new("n", TensorDataType.Int64, new TensorShape(), pool.Copy(BitConverter.GetBytes(long.MaxValue))),
            new("x", TensorDataType.Fp32, new TensorShape(1), pool.Copy(BitConverter.GetBytes(0f))),
        ];
        var outcome = await engine.RunAsync(new EngineRequest(EngineHarness.Key("slow"), inputs, [], EngineHarness.Bound), cancellationToken);
        foreach (var input in inputs) input.Data.Release();
        return outcome;
    }
}
