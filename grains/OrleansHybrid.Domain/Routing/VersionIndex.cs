using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing;

/// <summary>A version as the planner needs it: everything that does not depend on the request is worked out.</summary>
internal sealed class VersionIndex
{
    public required VersionEntry Entry { get; init; }

    public required ModelIndex Model { get; init; }

    /// <summary>The manifest's ceiling; <see cref="PrivacyCeiling.Device"/> when it could not be read.</summary>
    public required PrivacyCeiling ManifestCeiling { get; init; }

    /// <summary>The engine here, best variant first.</summary>
    public required Candidate[] Here { get; init; }

    /// <summary>Other silos of this cell that hold a variant, shortest wait first.</summary>
    public required Candidate[] Peers { get; init; }

    /// <summary>Links upwards, in the order of the inputs.</summary>
    public required Candidate[] Upstreams { get; init; }

    /// <summary>Why this zone has no candidate, where it has none.</summary>
    public required RuleCode NoneHere { get; init; }

    /// <summary>See <see cref="UpdateRules"/>.</summary>
    public required bool ChangesOften { get; init; }

    public ModelManifest? Manifest => Entry.Manifest;

    /// <summary>It is ready here, or a peer answers for it.</summary>
    public bool IsAnswerable => Entry.State == VersionState.Ready || Peers.Length > 0;
}

/// <summary>A model's versions and the rules that can match it.</summary>
internal sealed class ModelIndex
{
    public required ModelEntry Entry { get; init; }

    public required CompiledRule[] Rules { get; init; }

    public VersionIndex? Default { get; set; }

    public Dictionary<int, VersionIndex> Versions { get; } = [];
}
