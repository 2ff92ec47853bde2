using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Links.Tls;

/// <summary>Whose certificates are believed: the authorities of a PEM file, read again when it changes, or those of the system.</summary>
public sealed class TlsTrust : IDisposable
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    private readonly RenewedFiles<X509Certificate2Collection>? files;
    private readonly string source;
    private readonly TimeProvider clock;

    private TlsTrust(RenewedFiles<X509Certificate2Collection>? files, string source, TimeProvider clock) => (this.files, this.source, this.clock) = (files, source, clock);

    /// <summary>When the first of the authorities ends to count; null: they are the system's.</summary>
    public DateTimeOffset? NotAfter => First?.NotAfter.ToUniversalTime();

    /// <summary>The authority that ends to count first; null: they are the system's.</summary>
    public X509Certificate2? First => files?.Current.MinBy(c => c.NotAfter);

    public static TlsTrust OfSystem(TimeProvider clock) => new(null, "the system's authorities", clock);

    /// <param name="problem">What is wrong, with what to do; null when it was read.</param>
    public static TlsTrust? Open(string path, TimeProvider clock, Action<string> note, out string? problem)
    {
        var files = RenewedFiles<X509Certificate2Collection>.Open([new WatchedFile(path, false)], contents => (PemFiles.Certificates(contents[0], path, out var wrong), wrong), clock, note, out problem);
        return files is null ? null : new TlsTrust(files, $"the authorities in '{path}'", clock);
    }

    /// <summary>How a peer's certificate is checked: nothing is fetched for it, since whoever shows one could then make this side call somewhere.</summary>
    public X509ChainPolicy PolicyFor(CertificateUse? use)
    {
        var policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTimeIgnored = false,
            VerificationTime = clock.GetUtcNow().UtcDateTime,
        };
        if (use is { } asked) policy.ApplicationPolicy.Add(new Oid(asked == CertificateUse.Server ? ServerAuth : ClientAuth));
        if (files is null) return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(files.Current);
        return policy;
    }

    /// <summary>Null: it is believed. Else why not, as a sentence.</summary>
    /// <param name="sent">The authorities in between that came with it.</param>
    /// <param name="use">Null: it may be made for servers or clients.</param>
    /// <param name="host">Whom it must be made out to; null: anybody.</param>
    public string? WhyNot(X509Certificate2 certificate, X509Certificate2Collection? sent, CertificateUse? use, string? host)
    {
        var facts = CertificateReading.FactsOf(certificate);
        if (CertificateRules.WhyNot(facts, use ?? 0, clock.GetUtcNow()) is { } why) return $"The certificate of '{certificate.Subject}' {why}.";
        using var chain = new X509Chain { ChainPolicy = PolicyFor(use) };
        if (sent is not null) chain.ChainPolicy.ExtraStore.AddRange(sent);
        if (!chain.Build(certificate)) return $"The certificate of '{certificate.Subject}', made by '{certificate.Issuer}', does not lead to {source} ({Found(chain)}).";
        return host is null || certificate.MatchesHostname(host, allowWildcards: true, allowCommonName: false)
            ? null
            : $"The certificate of '{certificate.Subject}' is made out to {CertificateRules.NamesOf(facts)}, not to '{host}'.";
    }

    /// <summary>Both believe one authority, by its key, whatever the files are called.</summary>
    public bool Shares(TlsTrust other) => files is not null && other.files is not null && files.Current.Any(mine => other.files.Current.Any(its => mine.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(its.PublicKey.ExportSubjectPublicKeyInfo())));

    public void Dispose() => files?.Dispose();

    private static string Found(X509Chain chain) => string.Join(", ", chain.ChainStatus.Select(s => s.Status.ToString()).Distinct());
}
