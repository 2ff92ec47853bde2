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

    /// <summary>How long before its end a certificate in use is warned of, at most; one that lives short, in the last fifth of its life. By then whatever renews it has failed more than once. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan CertificateExpiresSoon = TimeSpan.FromDays(14);

    /// <summary>How often the log repeats that a certificate in use expires soon, or has. Owner: the maintainers of OrleansHybrid.</summary>
    public static readonly TimeSpan CertificateExpiryTold = TimeSpan.FromHours(12);

    /// <summary>Refused handshakes that the log tells of in a minute. More are counted and told in one line: whoever reaches a port can cause as many as it likes. Owner: the maintainers of OrleansHybrid.</summary>
    public const int HandshakeRefusalsToldMax = 10;
}
