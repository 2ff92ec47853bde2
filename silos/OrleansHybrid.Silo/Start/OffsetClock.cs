namespace OrleansHybrid.Silo.Start;

/// <summary>The system's clock, moved by a fixed time. Timers run as ever.</summary>
internal sealed class OffsetClock(TimeSpan offset) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + offset;
}
