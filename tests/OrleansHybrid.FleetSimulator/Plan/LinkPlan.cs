namespace OrleansHybrid.FleetSimulator.Plan;

/// <summary>What carries a node's calls.</summary>
public enum LinkKind
{
    Lan,
    Wifi,
    Cellular,
    Satellite,
}

/// <summary>A time in which nothing passes, counted from the start of the simulation.</summary>
public readonly record struct CutWindow(TimeSpan From, TimeSpan To);

/// <summary>A node's link to its cell.</summary>
/// <param name="Latency">One way.</param>
/// <param name="Loss">Chance that a call or its answer is lost, each, 0 to 1.</param>
/// <param name="BytesPerSecond">Of files; 0: not bounded.</param>
public sealed record LinkPlan(LinkKind Kind, TimeSpan Latency, double Loss, long BytesPerSecond, bool Metered, IReadOnlyList<CutWindow> Cuts)
{
    /// <summary>Nothing between node and cell but what really is there.</summary>
    public static LinkPlan Perfect { get; } = new(LinkKind.Lan, TimeSpan.Zero, 0, 0, false, []);

    public bool IsPerfect => Latency == TimeSpan.Zero && Loss == 0 && Cuts.Count == 0;

    public bool IsCutAt(TimeSpan elapsed) => Cuts.Any(c => elapsed >= c.From && elapsed < c.To);

    /// <summary>An ordinary link of a kind.</summary>
    public static LinkPlan Of(LinkKind kind, Random random) => kind switch
    {
        LinkKind.Lan => new(kind, Milliseconds(random, 0.3, 3), 0, 10_000_000, false, []),
        LinkKind.Wifi => new(kind, Milliseconds(random, 2, 15), 0.002, 4_000_000, false, []),
        LinkKind.Cellular => new(kind, Milliseconds(random, 30, 90), 0.01, 500_000, true, []),
        _ => new(kind, Milliseconds(random, 250, 320), 0.02, 150_000, true, []),
    };

    private static TimeSpan Milliseconds(Random random, double from, double to) => TimeSpan.FromMilliseconds(Math.Round(from + ((to - from) * random.NextDouble()), 1));
}
