namespace OrleansHybrid.FleetSimulator.Plan;

/// <summary>A battery that is used down to a fifth and charged again, over and over. Pure.</summary>
/// <param name="HoursToEmpty">From full to a fifth.</param>
/// <param name="HoursToFull">Back.</param>
public sealed record BatteryCurve(double HoursToEmpty, double HoursToFull)
{
    private const double Low = 20, Full = 100;

    /// <param name="phase">Where in its cycle it was at the beginning, 0 to 1.</param>
    public double PercentAt(TimeSpan elapsed, double phase)
    {
        var cycle = HoursToEmpty + HoursToFull;
        var hours = ((phase * cycle) + elapsed.TotalHours) % cycle;
        return hours < HoursToEmpty ? Full - ((Full - Low) * hours / HoursToEmpty) : Low + ((Full - Low) * (hours - HoursToEmpty) / HoursToFull);
    }
}
