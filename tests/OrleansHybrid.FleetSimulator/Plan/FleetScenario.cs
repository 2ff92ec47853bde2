namespace OrleansHybrid.FleetSimulator.Plan;

/// <summary>What a simulated fleet is like. With one seed it always makes the same plan.</summary>
/// <remarks>Shares are chances of each node, 0 to 1. A node's plan depends on the seed and its number alone, so a larger fleet begins with the smaller one's nodes.</remarks>
public sealed record FleetScenario
{
    public int Seed { get; init; } = 1;

    public int Nodes { get; init; } = 100;

    /// <summary>Names of the cells that the nodes belong to, in turn.</summary>
    public IReadOnlyList<string> Regions { get; init; } = ["central"];

    /// <summary>Nodes are named with it and their number.</summary>
    public string NamePrefix { get; init; } = "sim";

    /// <summary>Hardware kinds by name with their weights; empty: the table's.</summary>
    public IReadOnlyDictionary<string, int> Kinds { get; init; } = new Dictionary<string, int>();

    /// <summary>No latency, loss, cuts or rate of the simulation's own.</summary>
    public bool PerfectLinks { get; init; }

    /// <summary>False: battery and temperature stay as they began.</summary>
    public bool ReadingsMove { get; init; } = true;

    /// <summary>Faults fall into this time from the start.</summary>
    public TimeSpan Horizon { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whose link is cut once or twice.</summary>
    public double CutShare { get; init; }

    public TimeSpan CutMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whose clock is a year off, one way or the other.</summary>
    public double WrongClockShare { get; init; }

    /// <summary>Whose process dies and starts again once or twice.</summary>
    public double DeathShare { get; init; }

    public TimeSpan DownMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whose process dies in the middle of its next transfer.</summary>
    public double DeathInTransferShare { get; init; }

    public double FullDiskShare { get; init; }

    public double SlowDiskShare { get; init; }

    public double FailedLoadShare { get; init; }

    /// <summary>Whose network repeats and reorders check-ins.</summary>
    public double RepeatShare { get; init; }

    /// <summary>How many nodes, the first ones, fetch files' bytes and verify them.</summary>
    public int FetchesBlobs { get; init; }

    /// <summary>Requests that each node answers for its own callers, from the recording.</summary>
    public double AnswersPerMinute { get; init; }
}
