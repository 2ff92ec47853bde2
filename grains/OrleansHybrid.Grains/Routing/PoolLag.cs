namespace OrleansHybrid.Grains.Routing;

/// <summary>How late the thread pool starts a piece of work: one is queued at each reading, and the next reading tells how it fared.</summary>
/// <remarks>By the machine's own clock: the lag is the machine's, whatever time the product lives in.</remarks>
internal sealed class PoolLag : IThreadPoolWorkItem
{
    private long queuedAt;
    private long startedAt;
    private bool queued;

    /// <summary>The lag of the work queued last; of work that is still queued, its wait so far.</summary>
    public TimeSpan Read()
    {
        var started = Volatile.Read(ref startedAt);
        if (queued && started == 0) return TimeProvider.System.GetElapsedTime(queuedAt);
        var lag = queued ? TimeProvider.System.GetElapsedTime(queuedAt, started) : TimeSpan.Zero;
        (queued, queuedAt) = (true, TimeProvider.System.GetTimestamp());
        Volatile.Write(ref startedAt, 0);
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return lag;
    }

    void IThreadPoolWorkItem.Execute() => Volatile.Write(ref startedAt, TimeProvider.System.GetTimestamp());
}
