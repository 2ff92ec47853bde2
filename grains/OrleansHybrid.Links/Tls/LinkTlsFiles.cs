using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Links.Tls;

/// <summary>Files by which a program dials with TLS. Null: not given.</summary>
/// <param name="Ca">Whom servers are believed by, in PEM; null: the system's authorities.</param>
/// <param name="Certificate">Shown to servers that ask for one; goes with <paramref name="Key"/>.</param>
public sealed record LinkTlsFiles(string? Ca, string? Certificate, string? Key)
{
    public static LinkTlsFiles None { get; } = new(null, null, null);

    /// <summary>Null with the problem, which says what to do; without any file and without one: the system's authorities.</summary>
    public LinkTls? Open(TimeProvider clock, Action<string> note, out string? problem)
    {
        problem = (Certificate is null) == (Key is null) ? null : "A certificate and its key are given together; one of them is missing.";
        if (problem is not null) return null;
        var own = Certificate is null ? null : TlsCertificate.Open(Certificate, Key!, CertificateUse.Client, clock, note, out problem);
        if (problem is not null) return null;
        var trust = Ca is null ? TlsTrust.OfSystem(clock) : TlsTrust.Open(Ca, clock, note, out problem);
        if (trust is not null) return new LinkTls(trust, own) { Owned = own is null ? [trust] : [trust, own] };
        own?.Dispose();
        return null;
    }

    /// <summary>The same from anywhere: relative paths mean another file in another folder.</summary>
    public LinkTlsFiles Absolute() => new(Full(Ca), Full(Certificate), Full(Key));

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);
}
