using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Nodes;

/// <summary>The key of a node's twin: <c>cell/node</c>.</summary>
[GenerateSerializer, Immutable, Alias("hybrid.node-key")]
public readonly record struct NodeKey([property: Id(0)] string Cell, [property: Id(1)] string Node)
{
    public static bool TryParse(string text, out NodeKey key)
    {
        key = default;
        var slash = text.IndexOf('/');
        if (slash <= 0 || slash == text.Length - 1) return false;
        key = new NodeKey(text[..slash], text[(slash + 1)..]);
        return true;
    }

    public override string ToString() => $"{Cell}/{Node}";
}

public enum NodeKind
{
    Silo,
    Device,
}

/// <summary>What a node says it runs, whole.</summary>
/// <param name="Epoch">Grows at each start of the node; with <paramref name="Sequence"/> it orders reports, since clocks are not trusted.</param>
/// <param name="InferenceAddress">Where a peer reaches its OIP gRPC port.</param>
[GenerateSerializer, Immutable, Alias("hybrid.node-report")]
public sealed record NodeReport(
    [property: Id(0)] NodeKey Key,
    [property: Id(1)] NodeKind Kind,
    [property: Id(2)] Zone Zone,
    [property: Id(3)] long Epoch,
    [property: Id(4)] long Sequence,
    [property: Id(5)] string InferenceAddress,
    [property: Id(6)] IReadOnlyList<NodeVariant> Variants,
    [property: Id(7)] long MemoryBytes,
    [property: Id(8)] int Cores);

/// <param name="QueueMsP95">Time requests waited for this variant lately, milliseconds.</param>
/// <param name="RunMsP95">Time one run took lately, milliseconds.</param>
[GenerateSerializer, Immutable, Alias("hybrid.node-variant")]
public sealed record NodeVariant(
    [property: Id(0)] VariantKey Key,
    [property: Id(1)] string Digest,
    [property: Id(2)] double QueueMsP95,
    [property: Id(3)] double RunMsP95,
    [property: Id(4)] int Waiting);
