using OrleansHybrid.Domain;
using OrleansHybrid.Links.Monitoring;
using OrleansHybrid.Links.Tls;

namespace OrleansHybrid.Links.Upstreams;

/// <summary>One server above, or one peer silo, and who is asking.</summary>
/// <param name="Address"><c>http(s)://host:port</c> of its Open Inference Protocol gRPC port; without a scheme <c>http://</c> is meant.</param>
/// <param name="Cell">This cell.</param>
/// <param name="OwnZone">This cell's zone.</param>
public sealed record UpstreamOptions(string Address, string Cell, Zone OwnZone)
{
    /// <summary>The server's zone. Only the operator lowers it below cloud; what the server states can only raise it.</summary>
    public Zone Zone { get; init; } = Zone.Cloud;

    /// <summary>A silo of this cell: the zone does not change on the way.</summary>
    public bool Peer { get; init; }

    /// <summary>Sent as <c>Authorization: Bearer</c>; null: none.</summary>
    public string? Credential { get; init; }

    /// <summary>Allows plain text beyond loopback.</summary>
    public bool InsecureLinks { get; init; }

    /// <summary>Whom an https server is believed by, and what is shown to it; null: the system's authorities, and nothing.</summary>
    public LinkTls? Tls { get; init; }

    /// <summary>The same for silos of this cell.</summary>
    public LinkTls? PeerTls { get; init; }

    public LinkTimings Timings { get; init; } = LinkTimings.Default;

    /// <summary>Spreads the cooldowns of many links.</summary>
    public int Seed { get; init; }

    /// <summary>The same settings for a silo of this cell: its zone is this cell's.</summary>
    public UpstreamOptions ForPeer(string address) => this with { Address = address, Zone = OwnZone, Peer = true, Tls = PeerTls };
}
