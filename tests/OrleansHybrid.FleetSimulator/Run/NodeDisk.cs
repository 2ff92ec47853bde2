using System.Collections.Concurrent;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Links.Fleet;

namespace OrleansHybrid.FleetSimulator.Run;

/// <summary>What outlives a node's process: its identity, the documents it verified, the files that came, whole or in part, and the versions that served.</summary>
/// <remarks>It is memory: one write is whole or not there, as the real node's files are.</remarks>
internal sealed class NodeDisk(StoredNode identity) : INodeIdentityStore
{
    public StoredNode Identity { get; private set; } = identity;

    public DocumentSet Documents { get; set; } = DocumentSet.Empty;

    /// <summary>Digests of files that are here whole.</summary>
    public HashSet<string> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Bytes that are here of files that broke off, by digest.</summary>
    public Dictionary<string, long> Parts { get; } = new(StringComparer.Ordinal);

    /// <summary>The last version of each model that served.</summary>
    public ConcurrentDictionary<ModelVersionKey, ServedVersion> Served { get; } = new();

    /// <summary>The one death in a transfer that was planned has happened.</summary>
    public bool DiedInTransfer { get; set; }

    public void Write(StoredNode node) => Identity = node;
}

/// <param name="FileDigest">Of the variant's graph: by it answers are found in the recording.</param>
internal sealed record ServedVersion(string Variant, string Bundle, string FileDigest);
