namespace OrleansHybrid.FleetSimulator.Run;

/// <summary>Time since the simulation began: what cuts and deaths are planned on.</summary>
public sealed class FleetTime(TimeProvider clock)
{
    private readonly long began = clock.GetTimestamp();

    public TimeProvider Clock => clock;

    public TimeSpan Elapsed => clock.GetElapsedTime(began);
}
