namespace OrleansHybrid.FleetSimulator.Plan;

/// <summary>How warm a box is: between idle and busy over the hours of a day. Pure.</summary>
/// <param name="ThrottleC">From there on it slows itself down.</param>
public sealed record ThermalCurve(double IdleC, double BusyC, double ThrottleC)
{
    private const double HoursOfDay = 24;

    /// <param name="phase">Where in its day it was at the beginning, 0 to 1.</param>
    public double DegreesAt(TimeSpan elapsed, double phase)
    {
        var turn = (phase + (elapsed.TotalHours / HoursOfDay)) * 2 * Math.PI;
        return IdleC + ((BusyC - IdleC) * (1 - Math.Cos(turn)) / 2);
    }
}
