using System.Collections.Concurrent;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Engine;

/// <summary>An engine with a memory budget: variants leave the memory when others need the room or nobody asks for them, stay known, and are loaded again by the next run.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>Who leaves: <see cref="ResidencyRules"/>. A variant in a run never leaves, nor one that cannot be read again (<see cref="VariantToLoad.Again"/>); a classifier counts like any other.</item>
/// <item>A run for a variant that is out waits for its load, within its own time; all that ask meanwhile wait for the same load. The load itself goes on when they give up.</item>
/// <item>What is loaded again was read and verified again by whoever gave it: never other bytes than those it was first loaded from.</item>
/// <item>A variant larger than the whole budget is refused at load. While a variant is replaced, old and new are in memory for a moment, and the larger one counts.</item>
/// <item>The bytes are what the manifest declares, else an estimate from the file. Nothing is measured: what one session holds cannot be told apart in a process that serves others.</item>
/// </list>
/// It owns the engine below it.
/// <code>
/// var engine = new ResidentEngine(new OnnxInferenceEngine(settings, pool, clock), settings, clock);
/// </code>
/// </remarks>
public sealed class ResidentEngine : IInferenceEngine, IAsyncDisposable
{
    private static readonly TimeSpan IdleLookMin = TimeSpan.FromMilliseconds(100);
    private readonly IInferenceEngine inner;
    private readonly EngineSettings settings;
    private readonly TimeProvider clock;
    private readonly Action<string>? note;
    private readonly ResidentMemory memory;
    private readonly ConcurrentDictionary<VariantKey, SemaphoreSlim> turns = new();
    private readonly ITimer? idleTimer;
    private readonly bool isBounded;

    /// <param name="note">Told what an operator should know and no caller needs to, a line at a time.</param>
    public ResidentEngine(IInferenceEngine inner, EngineSettings settings, TimeProvider clock, Action<string>? note = null)
    {
        (this.inner, this.settings, this.clock, this.note) = (inner, settings, clock, note);
        memory = new ResidentMemory(settings, inner, Residency, clock, note);
        isBounded = settings.MemoryBudgetBytes > 0 || settings.IdleUnloadAfter > TimeSpan.Zero;
        if (settings.IdleUnloadAfter <= TimeSpan.Zero) return;
        var every = settings.IdleUnloadAfter / 4 > IdleLookMin ? settings.IdleUnloadAfter / 4 : IdleLookMin;
        idleTimer = clock.CreateTimer(static engine => ((ResidentEngine)engine!).UnloadIdle(), this, every, every);
    }

    public EngineState State => memory.State;

    public ResidencyFigures Residency { get; } = new();

    /// <summary>What the variants in memory count for.</summary>
    public long ResidentBytes => memory.UsedBytes;

    public async ValueTask<LoadOutcome> LoadAsync(VariantToLoad variant, CancellationToken cancellationToken)
    {
        var bytes = ResidencyRules.BytesOf(variant.MemoryBytes, FileBytes(variant));
        if (settings.MemoryBudgetBytes > 0 && bytes > settings.MemoryBudgetBytes) return new LoadOutcome(null, Failures.LargerThanBudget(variant, bytes, settings.MemoryBudgetBytes));
        using var turn = await EnterAsync(variant.Key, cancellationToken).ConfigureAwait(false);
        var before = memory.Find(variant.Key);
        var isPinned = before?.TryPin() == true; // It serves on until the new one is there.
        try
        {
            if (before is not null && !isPinned) await before.Leaving.ConfigureAwait(false);
            return await ReplaceAsync(variant, bytes, isPinned ? before!.Bytes : 0, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (isPinned) memory.Unpin(before!);
        }
    }

    public async ValueTask<bool> UnloadAsync(VariantKey variant, CancellationToken cancellationToken)
    {
        using var turn = await EnterAsync(variant, cancellationToken).ConfigureAwait(false);
        if (memory.Forget(variant) is not { } entry) return false;
        Residency.RecordUnload();
        await entry.Leaving.WaitAsync(cancellationToken).ConfigureAwait(false);
        await inner.UnloadAsync(variant, cancellationToken).ConfigureAwait(false);
        memory.SignalFreed();
        return true;
    }

    public ValueTask<EngineOutcome> RunAsync(EngineRequest request, CancellationToken cancellationToken) =>
        isBounded ? RunResidentAsync(request, cancellationToken) : inner.RunAsync(request, cancellationToken);

    /// <summary>Takes out what nobody asked for since <see cref="EngineSettings.IdleUnloadAfter"/>. Called by a timer.</summary>
    public void UnloadIdle() =>
        memory.TakeOutIdle(clock.GetTimestamp() - (long)(settings.IdleUnloadAfter.TotalSeconds * clock.TimestampFrequency));

    public async ValueTask DisposeAsync()
    {
        if (idleTimer is not null) await idleTimer.DisposeAsync().ConfigureAwait(false);
        if (inner is IAsyncDisposable disposable) await disposable.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<LoadOutcome> ReplaceAsync(VariantToLoad variant, long bytes, long freedBytes, CancellationToken cancellationToken)
    {
        var promised = Math.Max(0, bytes - freedBytes);
        if (await memory.ReserveAsync(promised, cancellationToken).ConfigureAwait(false) is { } full) return new LoadOutcome(null, full);
        var statistics = new VariantStatistics();
        LoadedVariant? loaded = null;
        try
        {
            var outcome = await inner.LoadAsync(variant with { Statistics = statistics }, cancellationToken).ConfigureAwait(false);
            loaded = outcome.Loaded;
            if (loaded is not null) memory.Admit(new ResidentVariantEntry(loaded, bytes, variant.Again, statistics, clock.GetTimestamp()), promised);
            return outcome;
        }
        finally
        {
            if (loaded is null) memory.GiveBack(promised);
        }
    }

    /// <remarks>The wait for a load is not told as the run's queue time: predictions add it where, and only where, the variant is out.</remarks>
    private async ValueTask<EngineOutcome> RunResidentAsync(EngineRequest request, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (memory.Find(request.Variant) is { } entry)
        {
            if (entry.TryPin()) return await RunPinnedAsync(entry, request, cancellationToken).ConfigureAwait(false);
            if (await LoadedAgainAsync(entry, request.TimeLeft, cancellationToken).ConfigureAwait(false) is { } failure) return Failures.Outcome(failure);
            var waited = clock.GetElapsedTime(began);
            began = clock.GetTimestamp();
            request = request with { TimeLeft = request.TimeLeft - waited };
        }

        return await inner.RunAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<EngineOutcome> RunPinnedAsync(ResidentVariantEntry entry, EngineRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await inner.RunAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            memory.Unpin(entry);
        }
    }

    /// <summary>Null once it is in memory, or was: the caller looks again.</summary>
    private async ValueTask<InferenceFailure?> LoadedAgainAsync(ResidentVariantEntry entry, TimeSpan timeLeft, CancellationToken cancellationToken)
    {
        if (timeLeft <= TimeSpan.Zero) return Failures.DeadlinePassed;
        if (entry.LastFailure is { } last && clock.GetElapsedTime(last.At) < Limits.ReloadRetryAfter) return last.Failure;
        try
        {
            var within = timeLeft < Limits.DeadlineMax ? timeLeft : Limits.DeadlineMax;
            return await memory.Loading(entry, LoadAgainAsync).WaitAsync(within, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return Failures.DeadlinePassed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Failures.CallerCancelled;
        }
    }

    private async Task<InferenceFailure?> LoadAgainAsync(ResidentVariantEntry entry)
    {
        InferenceFailure? failure = null;
        using var turn = await EnterAsync(entry.Key, CancellationToken.None).ConfigureAwait(false);
        try
        {
            // Replaced, unloaded or loaded since it was asked for.
            if (!ReferenceEquals(memory.Find(entry.Key), entry) || entry.IsResident) return null;
            await entry.Leaving.ConfigureAwait(false);
            (var variant, failure) = await entry.Again!(CancellationToken.None).ConfigureAwait(false);
            failure ??= await TakeInAsync(entry, variant!).ConfigureAwait(false);
            if (failure is not null) note?.Invoke($"{entry.Key}: could not be loaded again. {failure.Message}");
            return failure;
        }
        finally
        {
            memory.LoadEnded(entry, failure);
        }
    }

    private async Task<InferenceFailure?> TakeInAsync(ResidentVariantEntry entry, VariantToLoad variant)
    {
        if (await memory.ReserveAsync(entry.Bytes, CancellationToken.None).ConfigureAwait(false) is { } full) return full;
        LoadedVariant? loaded = null;
        try
        {
            var outcome = await inner.LoadAsync(variant with { Statistics = entry.Statistics }, CancellationToken.None).ConfigureAwait(false);
            loaded = outcome.Loaded;
            if (loaded is not null) memory.Admit(entry, entry.Bytes, loaded);
            return outcome.Failure;
        }
        finally
        {
            if (loaded is null) memory.GiveBack(entry.Bytes);
        }
    }

    private static long FileBytes(VariantToLoad variant) =>
        variant.ExternalDataFolder is { } folder ? new DirectoryInfo(folder).EnumerateFiles().Sum(f => f.Length) : variant.Onnx.Length;

    private async ValueTask<Turn> EnterAsync(VariantKey key, CancellationToken cancellationToken)
    {
        var turn = turns.GetOrAdd(key, static _ => new SemaphoreSlim(1, 1));
        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Turn(turn);
    }

    /// <summary>One change of a variant at a time.</summary>
    private readonly struct Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
