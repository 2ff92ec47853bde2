using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Cli.Node;

/// <summary>What this node says of each version: the published ones as the installer tells them, those of the box's own folders by the repository.</summary>
/// <param name="installed">Of published versions.</param>
internal sealed class NodeVersions(IModelRepository repository, Func<IReadOnlyList<NodeVersion>> installed, TimeProvider clock)
{
    private readonly Lock gate = new();
    private readonly long began = clock.GetTimestamp();
    private Dictionary<ModelVersionKey, (NodeVersionStage Stage, TimeSpan Since)> stages = [];

    /// <summary>By model, then version; at most <see cref="Limits.NodeVersionsMax"/>.</summary>
    public IReadOnlyList<NodeVersion> Read()
    {
        lock (gate)
        {
            var published = installed().ToDictionary(v => new ModelVersionKey(v.Model, v.Version), v => v with { Reason = Cut(v.Reason) });
            var (now, known) = (clock.GetElapsedTime(began), stages);
            stages = [];
            var own = repository.State.Models.Values
                .SelectMany(m => m.Versions.Select(v => (Key: new ModelVersionKey(m.Name, v.Version), Entry: v)))
                .Where(v => !published.ContainsKey(v.Key))
                .Select(v => Describe(v.Key, v.Entry, known, now))
                .OfType<NodeVersion>();
            return [.. published.Values.Concat(own).OrderBy(v => v.Model, StringComparer.Ordinal).ThenBy(v => v.Version).Take(Limits.NodeVersionsMax)];
        }
    }

    private NodeVersion? Describe(ModelVersionKey key, VersionEntry entry, Dictionary<ModelVersionKey, (NodeVersionStage Stage, TimeSpan Since)> known, TimeSpan now)
    {
        if (StageOf(entry) is not { } stage) return null;
        var since = known.TryGetValue(key, out var before) && before.Stage == stage ? before.Since : now;
        stages[key] = (stage, since);
        var variant = entry.Loaded is [var best, ..] ? best.Key.Variant : "";
        return new NodeVersion(key.Model, key.Version, variant, "", stage, (long)(now - since).TotalSeconds, ReasonOf(entry, stage));
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
        NodeVersionStage.Desired => "No variant of this version is for a device that has this much memory; it is answered above.",
        NodeVersionStage.Failed => Cut(entry.Reason),
        _ => "",
    };

    private static string Cut(string text) => text.Length <= Limits.NodeTextCharsMax ? text : text[..(Limits.NodeTextCharsMax - 1)] + "…";
}
