using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Everything a snapshot is made from: what one silo (or device) knows at one moment.</summary>
/// <param name="Local">Measured load of the variants this engine holds; a variant that is missing has not run yet.</param>
/// <param name="Peers">The other silos of this cell.</param>
/// <param name="Upstreams">The link to the cell above; empty in central and on a device without one.</param>
/// <param name="Draining">This silo is stopping: it takes nothing new.</param>
public sealed record SnapshotInputs(
    string Cell,
    Zone Zone,
    string Node,
    CompiledPolicy Policy,
    RepositoryState Repository,
    IReadOnlyDictionary<VariantKey, VariantLoad> Local,
    IReadOnlyList<NodeReport> Peers,
    IReadOnlyList<UpstreamState> Upstreams,
    bool Draining = false)
{
    /// <summary>Memory of this host in bytes; 0: unknown, nothing is ruled out by it.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Charge of a device's battery in [0, 100]; null: mains, or unknown.</summary>
    public int? BatteryPercent { get; init; }

    /// <summary>Bytes over the link upwards cost its user money or volume: large input goes up only where the mode asks for that zone, or nothing else can answer.</summary>
    public bool MeteredLink { get; init; }

    /// <summary>How many entries of the policy's shed list are shed now, from the first: see <see cref="PressureRules"/>.</summary>
    public int Pressure { get; init; }

    /// <summary>Measured time of versions at peers and upstreams; one that is missing has not answered lately.</summary>
    public IReadOnlyDictionary<AboveKey, AboveLoad> Above { get; init; } = new Dictionary<AboveKey, AboveLoad>(0);
}

/// <param name="QueueMsP95">Time requests waited lately, milliseconds.</param>
/// <param name="RunMsP95">Time one run took lately, milliseconds.</param>
/// <param name="Samples">How many runs stand behind the figures.</param>
/// <param name="HasRun">It answered at least once since it was loaded, lately or not: it is warm unless <paramref name="Cold"/>.</param>
/// <param name="Cold">It is known, but not in memory: the next run loads it first.</param>
/// <param name="LoadMs">What that took the last time, milliseconds; 0 when it is in memory.</param>
public readonly record struct VariantLoad(double QueueMsP95, double RunMsP95, int Waiting, long Samples, bool HasRun = false, bool Cold = false, double LoadMs = 0);
