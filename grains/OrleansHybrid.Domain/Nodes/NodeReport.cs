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
    [property: Id(8)] int Cores)
{
    /// <summary>Null from a node of an older version.</summary>
    [Id(9)] public NodeAttributes? Attributes { get; init; }

    /// <summary>Every desired version, and those that still serve besides.</summary>
    [Id(10)] public IReadOnlyList<NodeVersion> Versions { get; init; } = [];

    /// <summary>The revision of documents that it acts by; 0: none.</summary>
    [Id(11)] public long DocumentsRevision { get; init; }

    /// <summary>What is wrong with the node as a whole, one sentence each.</summary>
    [Id(12)] public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>What answers cost it; null: not told.</summary>
    [Id(13)] public NodeEnergy? Energy { get; init; }

    /// <summary>Documents that it refused lately, the last first; its cell writes them down, since a box has no audit log.</summary>
    [Id(14)] public IReadOnlyList<RefusedDocument> RefusedDocuments { get; init; } = [];
}

/// <summary>A document that a node did not take.</summary>
/// <param name="Document">Its place, as far as its signature was verified; else <c>document</c>, or the file's name when it lay on the node's disk.</param>
/// <param name="Digest">Of what was refused: the same is told once; empty when it could not be read.</param>
/// <param name="HoldingRevision">Of the documents that went on holding; 0: none.</param>
/// <param name="Reason">A <see cref="Bundles.BundleProblem"/> as text.</param>
[GenerateSerializer, Immutable, Alias("hybrid.refused-document")]
public sealed record RefusedDocument([property: Id(0)] string Document, [property: Id(1)] string Digest, [property: Id(2)] long HoldingRevision, [property: Id(3)] string Reason);

/// <summary>What answers cost a node. A figure that nothing measures is null, never zero.</summary>
/// <param name="Answers">Answers behind the figures.</param>
[GenerateSerializer, Immutable, Alias("hybrid.node-energy")]
public sealed record NodeEnergy(
    [property: Id(0)] long Answers,
    [property: Id(1)] double? BatteryPercentPer1000,
    [property: Id(2)] double? JoulesPer1000,
    [property: Id(3)] double? TemperatureC);

/// <param name="QueueMsP95">Time requests waited for this variant lately, milliseconds.</param>
/// <param name="RunMsP95">Time one run took lately, milliseconds.</param>
[GenerateSerializer, Immutable, Alias("hybrid.node-variant")]
public sealed record NodeVariant(
    [property: Id(0)] VariantKey Key,
    [property: Id(1)] string Digest,
    [property: Id(2)] double QueueMsP95,
    [property: Id(3)] double RunMsP95,
    [property: Id(4)] int Waiting);
