namespace OrleansHybrid.Domain.Models;

/// <summary>Counts times from many threads at once without allocation or a lock. About 4 KB.</summary>
public sealed class LatencySketchRecorder
{
    private readonly int[] counts = new int[LatencyBuckets.Count];

    public void Add(TimeSpan time) => Add(time.TotalMilliseconds);

    /// <param name="ms">Milliseconds.</param>
    public void Add(double ms) => Interlocked.Increment(ref counts[LatencyBuckets.IndexOf(ms)]);

    /// <summary>Takes everything recorded so far; a time is in exactly one of the sketches that successive calls return.</summary>
    public LatencySketch Drain()
    {
        Span<long> dense = stackalloc long[LatencyBuckets.Count];
        for (var i = 0; i < counts.Length; i++) dense[i] = Volatile.Read(ref counts[i]) == 0 ? 0 : Interlocked.Exchange(ref counts[i], 0);
        return LatencySketch.FromDense(dense);
    }

    /// <summary>Adds what is recorded to one count for each bucket and leaves it recorded.</summary>
    internal void AddTo(Span<long> dense)
    {
        for (var i = 0; i < counts.Length; i++) dense[i] += Volatile.Read(ref counts[i]);
    }

    internal void Clear() => Array.Clear(counts);
}
