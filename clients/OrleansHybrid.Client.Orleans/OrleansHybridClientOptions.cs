namespace OrleansHybrid.Client.Orleans;

/// <summary>Which cell a service stands beside and how its silos are found. Read once, when the client is added.</summary>
public sealed class OrleansHybridClientOptions
{
    /// <summary>The cell's name: its cluster and service id.</summary>
    public string Cell { get; set; } = "";

    /// <summary>The cell's store, <c>redis://[user:password@]host:port</c>, in which the silos are listed; null with <see cref="Gateways"/>.</summary>
    public string? Redis { get; set; }

    /// <summary>The Orleans gateways of silos, <c>host:port</c> with an IP address; used when there is no <see cref="Redis"/>. Those that are down are passed over.</summary>
    public IReadOnlyList<string> Gateways { get; set; } = [];

    /// <summary>For a cell that was started with <c>--silo-tls-ca</c>; null: its silos speak plain text.</summary>
    public GatewayTls? Tls { get; set; }

    /// <summary>How long the start tries to reach the cell before it fails, saying what to check. 1 s to 10 min.</summary>
    public TimeSpan ConnectTimeout { get; set; } = ConnectTimeoutDefault;

    public static readonly TimeSpan ConnectTimeoutDefault = Domain.Limits.ClusterConnectMax;
}
