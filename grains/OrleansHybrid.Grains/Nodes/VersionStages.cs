using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Grains.Nodes;

/// <summary>What this silo says of each version it knows, and how long each has been in its stage, by a steady clock.</summary>
public sealed class VersionStages(IModelRepository repository, IManagedVersions managed, TimeProvider clock)
{
    private readonly long began = clock.GetTimestamp();
    private Dictionary<ModelVersionKey, (NodeVersionStage Stage, TimeSpan Since)> stages = [];

    /// <summary>By model, then version; at most <see cref="Limits.NodeVersionsMax"/>. Not for two callers at once.</summary>
    public IReadOnlyList<NodeVersion> Read()
    {
        var now = clock.GetElapsedTime(began);
        var known = stages;
        stages = [];
        // What the installer says of a version comes first: it knows the bundle, and the stages before the repository has it.
        var said = managed.Versions;
        var installed = said.Select(v => (v.Model, v.Version)).ToHashSet();
        var local = repository.State.Models.Values.SelectMany(m => m.Versions.Select(v => Describe(m.Name, v, known, now))).OfType<NodeVersion>().Where(v => !installed.Contains((v.Model, v.Version)));
        return [.. said.Concat(local).OrderBy(v => v.Model, StringComparer.Ordinal).ThenBy(v => v.Version).Take(Limits.NodeVersionsMax)];
    }

    private NodeVersion? Describe(string model, VersionEntry entry, Dictionary<ModelVersionKey, (NodeVersionStage Stage, TimeSpan Since)> known, TimeSpan now)
    {
        if (StageOf(entry) is not { } stage) return null;
        var key = new ModelVersionKey(model, entry.Version);
        var since = known.TryGetValue(key, out var before) && before.Stage == stage ? before.Since : now;
        stages[key] = (stage, since);
        var variant = entry.Loaded is [var best, ..] ? best.Key.Variant : "";
        return new NodeVersion(model, entry.Version, variant, "", stage, (long)(now - since).TotalSeconds, ReasonOf(entry, stage));
    }

    /// <summary>Null for a version that the policy leaves out: it is neither desired nor wrong.</summary>
    private static NodeVersionStage? StageOf(VersionEntry entry) => entry.State switch
    {
        VersionState.Ready => entry.Loaded.Count > 0 ? NodeVersionStage.Serving : NodeVersionStage.Desired,
        VersionState.Loading => NodeVersionStage.Verified,
        VersionState.Unloading => NodeVersionStage.Loaded,
        VersionState.Unavailable when entry.HasFailed => NodeVersionStage.Failed,
        _ => null,
    };

    private static string ReasonOf(VersionEntry entry, NodeVersionStage stage) => stage switch
    {
        NodeVersionStage.Desired => "No variant of this version is for this zone; it is answered above.",
        NodeVersionStage.Failed => entry.Reason.Length <= Limits.NodeTextCharsMax ? entry.Reason : entry.Reason[..(Limits.NodeTextCharsMax - 1)] + "…",
        _ => "",
    };
}
