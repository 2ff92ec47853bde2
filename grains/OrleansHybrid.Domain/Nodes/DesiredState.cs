using OrleansHybrid.Domain.Documents;

namespace OrleansHybrid.Domain.Nodes;

/// <summary>What a node should run: a pure function of what the node is and of the documents, so that nobody has to tell each node.</summary>
/// <param name="Revision">Of the documents that it follows from.</param>
/// <param name="Versions">By model, then ascending by version.</param>
public sealed record DesiredState(long Revision, IReadOnlyList<DesiredVersion> Versions)
{
    public static DesiredState Nothing { get; } = new(0, []);
}

/// <summary>One version that a node should run, or why it cannot.</summary>
/// <param name="Variant">The best that the node can hold; null: none, see <paramref name="Reason"/>. The version is then still known to the node, and answered above.</param>
/// <param name="Files">What the node has to have for it, the signature apart: the shared files and the variant's.</param>
/// <param name="SharePercent">Of the model's requests without a version, 0 to 100.</param>
/// <param name="Reason">Why this variant and no better one; empty when it is the best for the zone.</param>
public sealed record DesiredVersion(
    string Model,
    int Version,
    string? Variant,
    CatalogueVersion Source,
    IReadOnlyList<CatalogueFile> Files,
    int SharePercent,
    string Reason);

/// <summary>What a node is, as far as its desired state depends on it.</summary>
/// <param name="ModelMemoryBytes">0: not bounded.</param>
public sealed record DesiredStateNode(NodeKey Key, Zone Zone, long ModelMemoryBytes, NodeAttributes Attributes);
