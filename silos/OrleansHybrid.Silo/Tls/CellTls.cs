using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Gateway.Hosting;
using OrleansHybrid.Links.Tls;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Start;

namespace OrleansHybrid.Silo.Tls;

/// <summary>The certificates of one cell and whom it believes, read from files and renewed with them.</summary>
internal sealed class CellTls : IDisposable
{
    private readonly List<IDisposable> opened = [];
    private readonly TlsNotes notes;

    private CellTls(CellSettings cell, TimeProvider clock)
    {
        var tls = cell.Tls;
        notes = new TlsNotes(clock);
        Certificate = Open(SettingTable.TlsCertificate, tls.Listener, CertificateUse.Server, clock);
        Clients = Open(SettingTable.TlsClientCa, tls.ClientCa, clock);
        Above = Open(SettingTable.LinkCa, tls.LinkCa, clock);
        LinkCertificate = Open(SettingTable.LinkCertificate, tls.Link, CertificateUse.Client, clock);
        Silos = Open(SettingTable.SiloTlsCa, tls.SiloCa, clock);
        SiloCertificate = Silos is null ? null : Open(SettingTable.SiloCertificate, tls.Silo ?? tls.Listener, CertificateUse.Server | CertificateUse.Client, clock);
        var system = TlsTrust.OfSystem(clock);
        Link = new LinkTls(Above ?? system, LinkCertificate);
        Peers = new LinkTls(Silos ?? Above ?? system, null, Certificate);
        Listener = Certificate is null ? null : new ListenerTls(Certificate, Clients, notes.Refused);
        if (Certificate is { Current: var shown } && !shown.Leaf.MatchesHostname(cell.PeerHost, allowWildcards: true, allowCommonName: false))
        {
            notes.Warn($"The certificate of --tls-certificate is made out to {CertificateRules.NamesOf(shown.Facts)}, and other silos reach this one at '{cell.PeerHost}': those that show another certificate will not believe it.");
        }

        if (opened.Count > 0) opened.Add(new TlsExpiry(this, clock));
    }

    /// <summary>Shown on both ports of the gateway; null: they speak plain text.</summary>
    public TlsCertificate? Certificate { get; }

    /// <summary>Whose client certificates are credentials; null: nobody's.</summary>
    public TlsTrust? Clients { get; }

    /// <summary>Whom the cell above is believed by; null: the system's authorities.</summary>
    public TlsTrust? Above { get; }

    public TlsCertificate? LinkCertificate { get; }

    /// <summary>Whom silos and Orleans clients are believed by; null: they speak plain text.</summary>
    public TlsTrust? Silos { get; }

    public TlsCertificate? SiloCertificate { get; }

    /// <summary>Of the gateway's ports; null: they speak plain text.</summary>
    public ListenerTls? Listener { get; }

    /// <summary>Towards the cell above.</summary>
    public LinkTls Link { get; }

    /// <summary>Towards the gRPC ports of the cell's other silos.</summary>
    public LinkTls Peers { get; }

    public TlsNotes Notes => notes;

    /// <summary>What ends to count some day, as it is now.</summary>
    public IEnumerable<CertificateInUse> InUse
    {
        get
        {
            (SettingDefinition Setting, string Use, TlsCertificate? Certificate, TlsTrust? Trust)[] all =
            [
                (SettingTable.TlsCertificate, "listener", Certificate, null), (SettingTable.TlsClientCa, "client_ca", null, Clients), (SettingTable.LinkCertificate, "link", LinkCertificate, null),
                (SettingTable.LinkCa, "link_ca", null, Above), (SettingTable.SiloCertificate, "silo", SiloCertificate, null), (SettingTable.SiloTlsCa, "silo_ca", null, Silos),
            ];
            return all.Select(a => (a.Setting, a.Use, Leaf: a.Certificate?.Current.Leaf ?? a.Trust?.First)).Where(a => a.Leaf is not null)
                .Select(a => new CertificateInUse(a.Setting, a.Use, a.Leaf!.NotBefore.ToUniversalTime(), a.Leaf.NotAfter.ToUniversalTime()));
        }
    }

    /// <exception cref="StartFailure">A file cannot be used.</exception>
    public static CellTls Open(CellSettings cell, TimeProvider clock) => new(cell, clock);

    public void Dispose()
    {
        foreach (var one in opened) one.Dispose();
    }

    private TlsCertificate? Open(SettingDefinition setting, CertificateFiles? files, CertificateUse use, TimeProvider clock)
    {
        string? problem = null;
        return files is null ? null : Keep(TlsCertificate.Open(files.Certificate, files.Key, use, clock, notes.Changed, out problem), setting, problem);
    }

    private TlsTrust? Open(SettingDefinition setting, string? file, TimeProvider clock)
    {
        string? problem = null;
        return file is null ? null : Keep(TlsTrust.Open(file, clock, notes.Changed, out problem), setting, problem);
    }

    private T Keep<T>(T? one, SettingDefinition setting, string? problem)
        where T : class, IDisposable
    {
        if (one is null) throw new StartFailure($"{setting.Flag}: {problem}. See docs/how-to/turn-on-tls.md.");
        opened.Add(one);
        return one;
    }
}
