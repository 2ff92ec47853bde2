namespace OrleansHybrid.Silo.Settings;

/// <summary>Files of a certificate and its key.</summary>
internal sealed record CertificateFiles(string Certificate, string Key);

/// <summary>What of a cell is encrypted, and whom it believes. Absolute paths; null: not given.</summary>
/// <param name="Listener">Both ports of the gateway are https with it.</param>
/// <param name="ClientCa">Client certificates of these authorities are credentials.</param>
/// <param name="LinkCa">Whom the cell above is believed by; null: the system's authorities.</param>
/// <param name="Link">Shown to the cell above.</param>
/// <param name="SiloCa">Whom silos and Orleans clients are believed by; null: they speak plain text.</param>
/// <param name="Silo">Shown to other silos.</param>
internal sealed record TlsSettings(CertificateFiles? Listener, string? ClientCa, string? LinkCa, CertificateFiles? Link, string? SiloCa, CertificateFiles? Silo)
{
    public static TlsSettings None { get; } = new(null, null, null, null, null, null);
}
