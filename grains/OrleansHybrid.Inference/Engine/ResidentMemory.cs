using System.Collections.Concurrent;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Engine;

/// <summary>Which variants are known, which of them are in memory, and what is promised to loads under way. Makes room by <see cref="ResidencyRules"/>.</summary>
internal sealed class ResidentMemory(EngineSettings settings, IInferenceEngine inner, ResidencyFigures figures, TimeProvider clock, Action<string>? note)
{
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<VariantKey, ResidentVariantEntry> entries = new();
    private EngineState state = EngineState.Empty;
    private TaskCompletionSource? freed;
    private long promised;

    public EngineState State => Volatile.Read(ref state);

    /// <summary>What variants in memory and loads under way count for.</summary>
    public long UsedBytes
    {
        get
        {
            lock (gate) return promised + entries.Values.Where(e => e.IsResident).Sum(e => e.Bytes);
        }
    }

    public ResidentVariantEntry? Find(VariantKey key) => entries.GetValueOrDefault(key);

    /// <summary>The one load under way of an entry, begun now if there is none.</summary>
    public Task<InferenceFailure?> Loading(ResidentVariantEntry entry, Func<ResidentVariantEntry, Task<InferenceFailure?>> load)
    {
        lock (gate) return entry.Loading ??= Task.Run(() => load(entry));
    }

    public void LoadEnded(ResidentVariantEntry entry, InferenceFailure? failure)
    {
        lock (gate) (entry.Loading, entry.LastFailure) = (null, failure is null ? null : (failure, clock.GetTimestamp()));
    }

    /// <summary>Promises memory to a load, after those that have to leave for it are freed. What runs is waited for, up to <see cref="Limits.MemoryWaitMax"/>.</summary>
    /// <returns>Null: it is promised, until <see cref="Admit"/> or <see cref="GiveBack"/>.</returns>
    public async Task<InferenceFailure?> ReserveAsync(long bytes, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            var (leaving, signal) = TryReserve(bytes);
            if (leaving is not null)
            {
                await Task.WhenAll(leaving).ConfigureAwait(false);
                return null;
            }

            var left = Limits.MemoryWaitMax - clock.GetElapsedTime(began);
            if (left <= TimeSpan.Zero || !await EndsAsync(signal!, left, cancellationToken).ConfigureAwait(false)) return Failures.NoRoom(bytes, settings.MemoryBudgetBytes);
        }
    }

    public void GiveBack(long bytes)
    {
        lock (gate) promised -= bytes;
        SignalFreed();
    }

    /// <summary>The load is done: its promise becomes the entry's own bytes.</summary>
    public void Admit(ResidentVariantEntry entry, long promisedBytes, LoadedVariant? again = null)
    {
        lock (gate)
        {
            promised -= promisedBytes;
            if (again is not null) entry.TakeIn(again, clock.GetTimestamp());
            entries[entry.Key] = entry;
            Publish();
        }

        figures.RecordLoad(again is not null);
        SignalFreed();
    }

    /// <summary>Forgets a variant. The caller frees it, once what is leaving has left.</summary>
    public ResidentVariantEntry? Forget(VariantKey key)
    {
        lock (gate)
        {
            if (!entries.TryRemove(key, out var entry)) return null;
            Publish();
            return entry;
        }
    }

    public void Unpin(ResidentVariantEntry entry)
    {
        if (entry.Unpin(clock.GetTimestamp())) SignalFreed();
    }

    /// <summary>Takes out what was last used before the time given, by this clock's timestamps.</summary>
    public void TakeOutIdle(long usedBefore)
    {
        lock (gate)
        {
            foreach (var key in ResidencyRules.ChooseIdle(Described(), usedBefore)) _ = TryTakeOut(entries[key], idle: true);
        }
    }

    /// <summary>Wakes loads that wait for room.</summary>
    public void SignalFreed()
    {
        if (Volatile.Read(ref freed) is not null) Interlocked.Exchange(ref freed, null)?.TrySetResult();
    }

    private (List<Task>? Leaving, Task? Signal) TryReserve(long bytes)
    {
        lock (gate)
        {
            // Asked for first: a run that ends from here on is noticed.
            var signal = (freed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            var leaving = new List<Task>();
            while (settings.MemoryBudgetBytes > 0)
            {
                if (ResidencyRules.ChooseVictims(Described(), promised + bytes, settings.MemoryBudgetBytes) is not { } victims) return (null, signal);
                if (victims.Count == 0) break;

                // One that began to run meanwhile stays; the next round chooses again.
                foreach (var key in victims.Where(key => TryTakeOut(entries[key], idle: false))) leaving.Add(entries[key].Leaving);
            }

            promised += bytes;
            return (leaving, null);
        }
    }

    private ResidentVariant[] Described() => [.. entries.Values.Select(e => e.Described).Where(d => d.Bytes > 0)];

    private bool TryTakeOut(ResidentVariantEntry entry, bool idle)
    {
        if (!entry.TryTakeOut()) return false;
        entry.Leaving = Task.Run(() => inner.UnloadAsync(entry.Key, CancellationToken.None).AsTask());
        figures.RecordEviction(idle);
        Publish();
        note?.Invoke(idle
            ? $"{entry.Key}: left the memory, since nobody asked for {settings.IdleUnloadAfter}. The next request loads it again."
            : $"{entry.Key}: left the memory for another variant, within the budget of {settings.MemoryBudgetBytes} bytes. The next request loads it again.");
        return true;
    }

    private void Publish() => Volatile.Write(ref state, new EngineState(entries.ToDictionary(e => e.Key, e => e.Value.State)));

    private async Task<bool> EndsAsync(Task task, TimeSpan within, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(within, clock, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
