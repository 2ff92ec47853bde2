using System.Net;
using OrleansHybrid.Domain;
using OrleansHybrid.Links.Bundles.Transfer;

namespace OrleansHybrid.Silo.Settings;

/// <summary>One cell's settings after every check: whole and immutable.</summary>
/// <param name="Upstream">The gRPC port of the cell above; null for a cell that has none.</param>
/// <param name="LinkKey">The key that the cell above knows this one by, from the upstream's user part; null: none.</param>
/// <param name="Models">Absolute paths of model repositories, first one first.</param>
/// <param name="Data">Absolute path of the state folder.</param>
/// <param name="Advertise">The address at which silos and peers reach this one.</param>
/// <param name="AuthRequired">Every call needs a key; off is allowed on loopback only.</param>
/// <param name="Policy">Absolute path of the policy file; null: the cell keeps the policy it was given by the API, if any.</param>
internal sealed record CellSettings(
    string Cell,
    Zone Zone,
    Uri? Upstream,
    string? LinkKey,
    StoreAddress Store,
    IReadOnlyList<string> Models,
    string Data,
    IPEndPoint Http,
    IPEndPoint Grpc,
    int SiloPort,
    int GatewayPort,
    string Node,
    IPAddress Advertise,
    bool AuthRequired,
    bool InsecureLinks,
    string? Policy)
{
    /// <summary>Absolute path of the key that signs the farm's documents; null: the one in <see cref="Data"/>, made at the first start. Only in a cell without an upstream.</summary>
    public string? DocumentKey { get; init; }

    /// <summary>Absolute path of the folder with the publishers' public keys; it need not exist.</summary>
    public string Publishers { get; init; } = "";

    /// <summary>Only versions that a publisher signed are served; what came over a link is held to it always.</summary>
    public bool TrustSigned { get; init; }

    /// <summary>What loaded models may count for together, bytes; 0: not bounded.</summary>
    public long ModelMemoryBytes { get; init; }

    /// <summary>Models that nobody asked for so long leave the memory; zero: never.</summary>
    public TimeSpan ModelIdle { get; init; }

    /// <summary>Bytes per second that files may take of the link to the cell above; 0: not bounded.</summary>
    public long LinkBytesPerSecond { get; init; }

    /// <summary>The hours of the day in which files are fetched from the cell above; null: always.</summary>
    public FetchWindow? FetchWindow { get; init; }

    /// <summary>Node labels of this silo.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Certificates, and whom to believe.</summary>
    public TlsSettings Tls { get; init; } = TlsSettings.None;

    /// <summary>Nothing of this cell can be reached from another machine.</summary>
    public bool LoopbackOnly => IPAddress.IsLoopback(Http.Address) && IPAddress.IsLoopback(Grpc.Address) && IPAddress.IsLoopback(Advertise);

    /// <summary>Where a person on this machine finds the REST port.</summary>
    public string HttpUrl => $"{Scheme}://{Reachable(Http)}";

    /// <summary>Where another silo of the cell finds this silo's gRPC port.</summary>
    public string PeerUrl => $"{Scheme}://{new IPEndPoint(IPAddress.IsLoopback(Grpc.Address) ? Grpc.Address : Advertise, Grpc.Port)}";

    public string GrpcUrl => $"{Scheme}://{Reachable(Grpc)}";

    /// <summary>The host part of <see cref="PeerUrl"/>: what this cell's certificate must be made out to for its peers.</summary>
    public string PeerHost => (IPAddress.IsLoopback(Grpc.Address) ? Grpc.Address : Advertise).ToString();

    private string Scheme => Tls.Listener is null ? "http" : "https";

    private static IPEndPoint Reachable(IPEndPoint bind) =>
        bind.Address.Equals(IPAddress.Any) || bind.Address.Equals(IPAddress.IPv6Any) ? new IPEndPoint(IPAddress.Loopback, bind.Port) : bind;
}

/// <summary>Everything one process runs.</summary>
/// <param name="ClockOffset">Added to the clock of all product code; for tests, on loopback only.</param>
internal sealed record FarmSettings(IReadOnlyList<CellSettings> Cells, TimeSpan ClockOffset);
