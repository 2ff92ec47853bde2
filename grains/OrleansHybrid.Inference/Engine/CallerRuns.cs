using System.Collections.Concurrent;

namespace OrleansHybrid.Inference.Engine;

/// <summary>Decides whether a run is short enough, and its caller free enough, to be done on the caller's own thread; keeps the slots for such runs.</summary>
/// <remarks>
/// Handing a run over to another thread and its answer back costs two wake-ups, which on a small or busy machine is more than a small model's run. A caller
/// with a synchronization context (a user interface) or a scheduler of its own is never held; nor is anyone while others wait, or for a model whose runs are long.
/// </remarks>
internal sealed class CallerRuns(TimeSpan longest, int count) : IDisposable
{
    private readonly ConcurrentQueue<RunSlot> free = new(longest > TimeSpan.Zero ? Enumerable.Range(0, count).Select(_ => new RunSlot()) : []);

    /// <param name="meanRun">How long runs took lately, in ticks; 0: none was measured yet.</param>
    /// <returns>A slot, to be given back; null: hand the run over.</returns>
    public RunSlot? TryTake(RunQueue queue, long meanRun)
    {
        if (meanRun == 0 || meanRun > longest.Ticks || !queue.IsIdle) return null;
        if (SynchronizationContext.Current is not null || TaskScheduler.Current != TaskScheduler.Default) return null;
        return free.TryDequeue(out var slot) ? slot : null;
    }

    public void Return(RunSlot slot) => free.Enqueue(slot);

    /// <summary>The runs in flight are counted by their host, which calls this when the last has ended.</summary>
    public void Dispose()
    {
        while (free.TryDequeue(out var slot)) slot.Dispose();
    }
}
