using OrleansHybrid.FleetSimulator.Plan;

namespace OrleansHybrid.FleetSimulator.Run;

/// <summary>A node's own clock: its time of day is off and drifts; what it measures and waits by is steady, as on a real box.</summary>
internal sealed class NodeClock(TimeProvider real, ClockPlan plan) : TimeProvider
{
    private const double Million = 1e6;
    private readonly long began = real.GetTimestamp();

    public override long TimestampFrequency => real.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => real.GetUtcNow() + plan.Offset + (real.GetElapsedTime(began) * (plan.DriftPpm / Million));

    public override long GetTimestamp() => real.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => real.CreateTimer(callback, state, dueTime, period);
}
