namespace OrleansHybrid.Domain.Ledger;

/// <summary>The figures of one row, as whole numbers of small units: sums are exact, in whatever order they are made, so the totals of zones equal those of tenants.</summary>
/// <param name="Requests">Requests that entered the farm in this cell and were answered by the row's zone.</param>
/// <param name="Failed">Requests that entered the farm in this cell and were refused or failed.</param>
/// <param name="Runs">Runs of the engine here that answered.</param>
/// <param name="ComputeTicks">This caller's part of those runs, in ticks of 100 ns.</param>
/// <param name="LinkBytes">Raw input sent over a link to the row's zone.</param>
/// <param name="IdleMibMs">Loaded sessions that did not run: MiB times milliseconds.</param>
/// <param name="DeclaredMicrojoules">Energy by the policy's watts.</param>
/// <param name="MeasuredMicrojoules">Energy that the machine's own meter showed.</param>
/// <param name="MoneyPicousd">What this cell's own work cost, in millionths of a micro-USD.</param>
/// <param name="AbovePicousd">Estimate of what the zone above books for this cell's requests.</param>
/// <param name="AvoidedPicousd">What the cloud would have cost more.</param>
[GenerateSerializer, Immutable, Alias("hybrid.ledger-figures")]
public readonly record struct LedgerFigures(
    [property: Id(0)] long Requests,
    [property: Id(1)] long Failed,
    [property: Id(2)] long Runs,
    [property: Id(3)] long ComputeTicks,
    [property: Id(4)] long LinkBytes,
    [property: Id(5)] long IdleMibMs,
    [property: Id(6)] long DeclaredMicrojoules,
    [property: Id(7)] long MeasuredMicrojoules,
    [property: Id(8)] long MoneyPicousd,
    [property: Id(9)] long AbovePicousd,
    [property: Id(10)] long AvoidedPicousd)
{
    public double ComputeMs => ComputeTicks / (double)TimeSpan.TicksPerMillisecond;

    public double IdleMibHours => IdleMibMs / LedgerPrices.MsPerHour;

    public double EnergyJoules => (DeclaredMicrojoules / 1e6) + (MeasuredMicrojoules / 1e6);

    public static LedgerFigures operator +(in LedgerFigures left, in LedgerFigures right) => new(
        Sum(left.Requests, right.Requests),
        Sum(left.Failed, right.Failed),
        Sum(left.Runs, right.Runs),
        Sum(left.ComputeTicks, right.ComputeTicks),
        Sum(left.LinkBytes, right.LinkBytes),
        Sum(left.IdleMibMs, right.IdleMibMs),
        Sum(left.DeclaredMicrojoules, right.DeclaredMicrojoules),
        Sum(left.MeasuredMicrojoules, right.MeasuredMicrojoules),
        Sum(left.MoneyPicousd, right.MoneyPicousd),
        Sum(left.AbovePicousd, right.AbovePicousd),
        Sum(left.AvoidedPicousd, right.AvoidedPicousd));

    public static LedgerFigures Add(in LedgerFigures left, in LedgerFigures right) => left + right;

    /// <summary>Of two figures that are not negative; stays at the largest number instead of turning negative.</summary>
    private static long Sum(long left, long right) => left > long.MaxValue - right ? long.MaxValue : left + right;
}
