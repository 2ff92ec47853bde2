namespace OrleansHybrid.Domain.Routing;

/// <summary>What a planner reads: immutable and whole.</summary>
public sealed class ZoneSnapshot
{
    private readonly Dictionary<string, ModelIndex> models = new(StringComparer.Ordinal);

    internal ZoneSnapshot(SnapshotInputs inputs, Assumptions assumed)
    {
        (Inputs, Assumed) = (inputs, assumed);
        HopsOut = [inputs.Cell];
        Shed = ShedSet.Of(inputs.Policy.Shed, inputs.Pressure);
        var versions = new VersionIndexer(inputs);
        foreach (var (name, entry) in inputs.Repository.Models) models[name] = versions.Index(entry);
    }

    public SnapshotInputs Inputs { get; }

    /// <summary>What an explanation assumes; nothing for a request that runs.</summary>
    internal Assumptions Assumed { get; }

    /// <summary>What is left out while this silo is under pressure.</summary>
    internal ShedSet Shed { get; }

    /// <summary>The hops of a request that entered the farm here, when it goes on.</summary>
    internal IReadOnlyList<string> HopsOut { get; }

    internal ModelIndex? Find(string model) => models.GetValueOrDefault(model);

    /// <summary>Names for an error message: what exists.</summary>
    internal IEnumerable<string> ModelNames => models.Keys;
}

/// <summary>Makes snapshots. Pure.</summary>
public static class SnapshotBuilder
{
    public static ZoneSnapshot Build(SnapshotInputs inputs) => new(inputs, Assumptions.None);

    /// <summary>The same farm under assumptions, for an explanation.</summary>
    internal static ZoneSnapshot Build(SnapshotInputs inputs, Assumptions assumed) => new(assumed.ApplyTo(inputs), assumed);
}
