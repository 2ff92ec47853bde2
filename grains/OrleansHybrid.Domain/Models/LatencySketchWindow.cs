namespace OrleansHybrid.Domain.Models;

/// <summary>Recent times for prediction: two windows that rotate, so what is told is between one and two <paramref name="window"/>s old at most.</summary>
/// <remarks>
/// <see cref="Add"/> may be called from many threads; <see cref="Read"/> by one reader, who also rotates. A time that is added while the windows
/// rotate may be lost: predictions do not need it.
/// </remarks>
public sealed class LatencySketchWindow(TimeSpan window, TimeProvider clock)
{
    private readonly LatencySketchRecorder[] windows = [new(), new()];
    private long openedAt = clock.GetTimestamp();
    private int current;

    public void Add(TimeSpan time) => windows[Volatile.Read(ref current)].Add(time);

    /// <summary>The recent p95 in milliseconds, 0 when nothing was added, and how many times stand behind it.</summary>
    public (double MsP95, long Samples) Read()
    {
        RotateWhenDue();
        Span<long> dense = stackalloc long[LatencyBuckets.Count];
        dense.Clear();
        foreach (var recorder in windows) recorder.AddTo(dense);
        long samples = 0;
        foreach (var count in dense) samples += count;
        if (samples == 0) return (0, 0);

        var rank = LatencyQuantile.Rank(0.95, samples);
        long seen = 0;
        var index = 0;
        while ((seen += dense[index]) <= rank) index++;
        return (LatencyBuckets.ValueOf(index), samples);
    }

    private void RotateWhenDue()
    {
        var elapsed = clock.GetElapsedTime(openedAt);
        if (elapsed < window) return;
        openedAt = clock.GetTimestamp();
        if (elapsed >= 2 * window) windows[current].Clear();
        windows[1 - current].Clear();
        Volatile.Write(ref current, 1 - current);
    }
}
