namespace OrleansHybrid.Inference.Engine;

/// <summary>What a <see cref="ResidentEngine"/> did since it was made. Counters only grow.</summary>
public sealed class ResidencyFigures
{
    private long evictedForBudget, evictedIdle, unloaded, loaded, loadedAgain;

    /// <summary>Left the memory for another variant.</summary>
    public long EvictedForBudget => Volatile.Read(ref evictedForBudget);

    /// <summary>Left the memory since nobody asked.</summary>
    public long EvictedIdle => Volatile.Read(ref evictedIdle);

    /// <summary>Unloaded by the operator or the repository.</summary>
    public long Unloaded => Volatile.Read(ref unloaded);

    /// <summary>Loaded by the operator or the repository.</summary>
    public long Loaded => Volatile.Read(ref loaded);

    /// <summary>Loaded again for a request.</summary>
    public long LoadedAgain => Volatile.Read(ref loadedAgain);

    internal void RecordEviction(bool idle) => Interlocked.Increment(ref idle ? ref evictedIdle : ref evictedForBudget);

    internal void RecordUnload() => Interlocked.Increment(ref unloaded);

    internal void RecordLoad(bool again) => Interlocked.Increment(ref again ? ref loadedAgain : ref loaded);
}
