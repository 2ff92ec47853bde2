namespace OrleansHybrid.Domain.Routing;

/// <summary>What a planner reads: immutable and whole.</summary>
public sealed class ZoneSnapshot
{
    internal ZoneSnapshot(SnapshotInputs inputs) => Inputs = inputs;

    public SnapshotInputs Inputs { get; }
}

/// <summary>Makes snapshots. Pure.</summary>
public static class SnapshotBuilder
{
    public static ZoneSnapshot Build(SnapshotInputs inputs) => new(inputs);
}
