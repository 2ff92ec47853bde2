namespace OrleansHybrid.Domain;

/// <content>Bounds of certificates.</content>
public static partial class Limits
{
    /// <summary>How often files of certificates and keys are looked at again. A renewed one is in use after this at the latest; connections that are open keep the old one. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan CertificateRereadInterval = TimeSpan.FromSeconds(5);

    /// <summary>A PEM file of certificates or a key. Longer: refused, since it is something else; the whole list of public authorities is a quarter of it. Owner: the maintainers of OrleansHybrid.</summary>
    public const int CertificateFileBytesMax = 1 << 20;

    /// <summary>A TLS handshake that somebody began and does not end. Later: the connection is closed. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan TlsHandshakeMax = TimeSpan.FromSeconds(10);
}
