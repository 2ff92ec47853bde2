using System.Diagnostics;

namespace OrleansHybrid.Inference.Engine;

/// <summary>Looks for a change for some microseconds, which is cheaper than to sleep and be woken. Off on a single core.</summary>
internal sealed class IdleSpin(TimeSpan limit)
{
    private const int PausesPerLook = 10;

    private readonly long ticks = (long)(limit.TotalSeconds * Stopwatch.Frequency);

    public bool IsOn { get; } = limit > TimeSpan.Zero && Environment.ProcessorCount > 1;

    public void WhileIdle(RunQueue queue)
    {
        var end = Stopwatch.GetTimestamp() + ticks;
        while (queue.IsIdle && Stopwatch.GetTimestamp() < end) Thread.SpinWait(PausesPerLook);
    }

    /// <summary>Waits for less than a millisecond, giving the core to whoever wants it.</summary>
    public void Until(TimeSpan wait, TimeProvider clock, RunQueue queue, int seen)
    {
        var start = clock.GetTimestamp();
        var bound = Stopwatch.GetTimestamp() + Stopwatch.Frequency / 1000;
        while (queue.Changes == seen && clock.GetElapsedTime(start) < wait && Stopwatch.GetTimestamp() < bound)
        {
            if (!Thread.Yield()) Thread.SpinWait(PausesPerLook);
        }
    }
}
