namespace OrleansHybrid.Silo.Settings;

/// <summary>One setting of a cell, under one name everywhere: <c>--name</c>, <c>HYBRID_NAME</c> and the key <c>name</c> in a file.</summary>
/// <param name="Value">What to write after the name in the help; empty for a switch.</param>
/// <param name="Default">The default in words, for the help.</param>
/// <param name="Repeatable">May be given several times; in the environment the values are separated as in PATH.</param>
/// <param name="PerCell">Two cells of one process cannot share its value, so with several cells it belongs in the file.</param>
internal sealed record SettingDefinition(string Name, string Value, string Default, string Help, bool Repeatable = false, bool PerCell = false)
{
    public bool IsSwitch => Value.Length == 0;

    public string Flag => "--" + Name;

    public string Variable => "HYBRID_" + Name.Replace('-', '_').ToUpperInvariant();
}

/// <summary>All settings of a cell, in the order of the help.</summary>
internal static class SettingTable
{
    public static readonly SettingDefinition Cell = new("cell", "NAME", "central", "the cell's name: lower-case letters, digits and dashes", PerCell: true);
    public static readonly SettingDefinition Zone = new("zone", "ZONE", "cloud without an upstream, else edge", "edge or cloud", PerCell: true);
    public static readonly SettingDefinition Upstream = new("upstream", "URL", "none", "the gRPC port of the cell above: http(s)://[link key@]host:port", PerCell: true);
    public static readonly SettingDefinition Store = new("store", "STORE", "embedded", "embedded, or redis://[user:password@]host:port");
    public static readonly SettingDefinition Models = new("models", "FOLDER", "the sample models beside the program", "a model repository; may be repeated", Repeatable: true);
    public static readonly SettingDefinition Data = new("data", "FOLDER", ".hybrid/<cell>", "where the cell keeps its state", PerCell: true);
    public static readonly SettingDefinition Http = new("http", "HOST:PORT", "127.0.0.1:8000", "REST, metrics and admin API", PerCell: true);
    public static readonly SettingDefinition Grpc = new("grpc", "HOST:PORT", "127.0.0.1:8001", "gRPC: the Open Inference Protocol", PerCell: true);
    public static readonly SettingDefinition SiloPort = new("silo-port", "PORT", "11110", "between the silos of the cell", PerCell: true);
    public static readonly SettingDefinition GatewayPort = new("gateway-port", "PORT", "30110", "for Orleans clients beside the cell", PerCell: true);
    public static readonly SettingDefinition Node = new("node", "NAME", "host name and silo port", "this silo's name within the cell", PerCell: true);
    public static readonly SettingDefinition Advertise = new("advertise", "IP", "127.0.0.1", "the address at which other silos reach this one", PerCell: true);
    public static readonly SettingDefinition Labels = new("labels", "NAME=VALUE,…", "none", "node labels of this silo, by which nodes are found and chosen", PerCell: true);
    public static readonly SettingDefinition Policy = new("policy", "FILE", "none; the farm's own without any setting", "a routing policy in YAML, watched: a good text takes effect, a bad one is refused");
    public static readonly SettingDefinition ModelMemory = new("model-memory", "SIZE", "none", "what loaded models may hold, such as 512MiB; the least recently used leave for others");
    public static readonly SettingDefinition ModelIdle = new("model-idle", "TIME", "never", "a model that nobody asked for so long, such as 30m, leaves the memory until it is asked for");
    public static readonly SettingDefinition LinkRate = new("link-rate", "SIZE/s", "none", "what files may take of the link to the cell above, such as 2MiB/s");
    public static readonly SettingDefinition FetchWindow = new("fetch-window", "HH:MM-HH:MM", "always", "the hours, in UTC, in which files are fetched from the cell above, such as 22:00-06:00");
    public static readonly SettingDefinition Trust = new("trust", "HOW", "local", "which model versions are trusted: local or signed");
    public static readonly SettingDefinition Auth = new("auth", "HOW", "off, on loopback only", "off, or required: every call needs a key");
    public static readonly SettingDefinition InsecureLinks = new("insecure-links", "", "no", "allow a plain-text upstream beyond loopback");
    public static readonly SettingDefinition DocumentKey = new("document-key", "FILE", "made in --data", "the key that signs the farm's documents, in a cell without an upstream; several silos of it share one", PerCell: true);

    public static readonly SettingDefinition Publishers = new("publishers", "FOLDER", "publishers beside --data", "the publishers' public keys (.pem) that are trusted here; read again when they change");

    public static readonly SettingDefinition TlsCertificate = new("tls-certificate", "FILE", "none: plain text", "the cell's certificate and the authorities in between, in PEM: both ports become https; read again when it changes");
    public static readonly SettingDefinition TlsKey = new("tls-key", "FILE", "none", "the private key of --tls-certificate, in PEM, for the owner's eyes alone");
    public static readonly SettingDefinition TlsClientCa = new("tls-client-ca", "FILE", "none: no certificate is asked for", "the authorities whose client certificates are credentials here, in PEM: CN=eu-west acts as the region eu-west");
    public static readonly SettingDefinition LinkCa = new("link-ca", "FILE", "the system's", "the authorities that the cell above is believed by, in PEM");
    public static readonly SettingDefinition LinkCertificate = new("link-certificate", "FILE", "none", "the client certificate that is shown to the cell above, in PEM", PerCell: true);
    public static readonly SettingDefinition LinkCertificateKey = new("link-certificate-key", "FILE", "none", "the private key of --link-certificate, in PEM, for the owner's eyes alone", PerCell: true);
    public static readonly SettingDefinition SiloTlsCa = new("silo-tls-ca", "FILE", "none: plain text", "the authorities that silos and Orleans clients of this cell are believed by, in PEM: both silo ports ask for a certificate of theirs");
    public static readonly SettingDefinition SiloCertificate = new("silo-certificate", "FILE", "--tls-certificate", "the certificate that this silo shows to the others, in PEM");
    public static readonly SettingDefinition SiloKey = new("silo-key", "FILE", "--tls-key", "the private key of --silo-certificate, in PEM, for the owner's eyes alone");

    public static IReadOnlyList<SettingDefinition> All { get; } =
    [
        Cell, Zone, Upstream, Store, Models, Data, Http, Grpc, SiloPort, GatewayPort, Node, Labels, Advertise, Policy, ModelMemory, ModelIdle, LinkRate, FetchWindow, Trust, Auth, InsecureLinks, DocumentKey, Publishers,
        TlsCertificate, TlsKey, TlsClientCa, LinkCa, LinkCertificate, LinkCertificateKey, SiloTlsCa, SiloCertificate, SiloKey,
    ];

    public static SettingDefinition? Find(string name) => All.FirstOrDefault(s => s.Name == name);
}
