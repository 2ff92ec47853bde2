using System.Net;
using OrleansHybrid.Links.Bundles.Transfer;
using OrleansHybrid.Links.Tls;

namespace OrleansHybrid.Cli.Node;

/// <summary>What <c>hybrid node run</c> was told.</summary>
/// <param name="Cell">In place of the address that <c>join</c> kept; null: that one.</param>
/// <param name="Models">Folders of the box's own, beside what its cell publishes.</param>
/// <param name="MemoryBytes">What models may take; null: what the machine has.</param>
/// <param name="AuthRequired">Every request needs the key in <c>operator.key</c>.</param>
/// <param name="Sysfs">Where the kernel's meters are.</param>
internal sealed record NodeSettings(
    NodeData Data,
    string? Cell,
    IPEndPoint Http,
    IPEndPoint Grpc,
    IReadOnlyList<string> Models,
    IReadOnlyDictionary<string, string> Labels,
    long? MemoryBytes,
    bool Metered,
    bool AuthRequired,
    string Sysfs)
{
    /// <summary>In place of the files that <c>join</c> kept, each that is given.</summary>
    public LinkTlsFiles Files { get; init; } = LinkTlsFiles.None;

    /// <summary>What files may take of the link to the cell; 0: not bounded.</summary>
    public long LinkBytesPerSecond { get; init; }

    /// <summary>The hours in which files are fetched; null: always.</summary>
    public FetchWindow? FetchWindow { get; init; }
}

/// <summary>What <c>hybrid node join</c> was told.</summary>
/// <param name="Name">Empty: the cell gives one.</param>
/// <param name="Replace">The identity that is there is given up.</param>
internal sealed record NodeJoinSettings(NodeData Data, NodeLink Link, string Token, string Name, bool Replace);
