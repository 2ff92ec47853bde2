namespace OrleansHybrid.FleetSimulator.Plan;

/// <summary>How a node's clock of day is wrong.</summary>
/// <param name="DriftPpm">Seconds gained in a million; negative: lost.</param>
public sealed record ClockPlan(TimeSpan Offset, double DriftPpm);

/// <summary>What goes wrong on a node. It never lies: what it reports is what happened to it.</summary>
public sealed record FaultPlan
{
    public static FaultPlan None { get; } = new();

    /// <summary>When its process dies, from the start of the simulation, ascending; each time it starts again after <see cref="Down"/>.</summary>
    public IReadOnlyList<TimeSpan> Deaths { get; init; } = [];

    public TimeSpan Down { get; init; }

    /// <summary>Its process dies once when this part of its next transfer has come, 0 to 1; null: it does not.</summary>
    public double? DiesAtPart { get; init; }

    /// <summary>Nothing more fits on its disk: each transfer fails.</summary>
    public bool FullDisk { get; init; }

    /// <summary>Loading takes this many times as long.</summary>
    public int SlowDisk { get; init; } = 1;

    /// <summary>Its engine takes no new version.</summary>
    public bool FailsLoad { get; init; }

    /// <summary>Its network delivers check-ins twice, and some of them late, after ones that were sent later.</summary>
    public bool RepeatsCheckIns { get; init; }
}

/// <summary>One node of a plan.</summary>
/// <param name="Region">The cell that it belongs to.</param>
/// <param name="Seed">Of whatever chance decides while it runs.</param>
/// <param name="Phase">Where battery and temperature begin, 0 to 1.</param>
/// <param name="FetchesBlobs">It fetches files' bytes and verifies them; otherwise their size alone takes its time on the link.</param>
public sealed record NodePlan(string Name, string Region, int Seed, HardwareKind Kind, LinkPlan Link, ClockPlan Clock, FaultPlan Faults, double Phase, bool FetchesBlobs);
