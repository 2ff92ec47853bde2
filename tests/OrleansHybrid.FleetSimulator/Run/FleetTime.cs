namespace OrleansHybrid.FleetSimulator.Run;

/// <summary>Time since the simulation began: what cuts and deaths are planned on.</summary>
public sealed class FleetTime(TimeProvider clock)
{
    private long began = clock.GetTimestamp();

    public TimeProvider Clock => clock;

    public TimeSpan Elapsed => clock.GetElapsedTime(Interlocked.Read(ref began));

    /// <summary>From now on: how long the nodes took to enrol is not part of the plan.</summary>
    internal void Begin() => Interlocked.Exchange(ref began, clock.GetTimestamp());
}
