using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Links.Tls;

/// <summary>This side's certificate as it is shown: with its key and the authorities in between.</summary>
public sealed record ShownCertificate(X509Certificate2 Leaf, SslStreamCertificateContext Context, CertificateFacts Facts);

/// <summary>A certificate and its key in PEM files, read again when they change.</summary>
public sealed class TlsCertificate : IDisposable
{
    private readonly RenewedFiles<ShownCertificate> files;

    private TlsCertificate(RenewedFiles<ShownCertificate> files) => this.files = files;

    public ShownCertificate Current => files.Current;

    /// <param name="path">The certificate, then the authorities in between, in PEM.</param>
    /// <param name="problem">What is wrong, with what to do; null when it was read.</param>
    public static TlsCertificate? Open(string path, string keyPath, CertificateUse use, TimeProvider clock, Action<string> note, out string? problem)
    {
        var files = RenewedFiles<ShownCertificate>.Open([new(path, false), new(keyPath, true)], contents => Read(path, keyPath, contents, use, clock), clock, note, out problem);
        return files is null ? null : new TlsCertificate(files);
    }

    public void Dispose() => files.Dispose();

    private static (ShownCertificate? Value, string? Problem) Read(string path, string keyPath, IReadOnlyList<byte[]> contents, CertificateUse use, TimeProvider clock)
    {
        if (PemFiles.Certificates(contents[0], path, out var problem) is not { } chain) return (null, problem);
        try
        {
            return Join(chain, path, keyPath, contents[1], use, clock);
        }
        catch (Exception failed) when (failed is CryptographicException or AuthenticationException)
        {
            // A file that others write: what is odd inside must not end the process that looks at it.
            return (null, $"the certificate in '{path}' cannot be read: {failed.Message}");
        }
    }

    private static (ShownCertificate? Value, string? Problem) Join(X509Certificate2Collection chain, string path, string keyPath, byte[] key, CertificateUse use, TimeProvider clock)
    {
        var facts = CertificateReading.FactsOf(chain[0]);
        if (CertificateRules.WhyNot(facts, use, clock.GetUtcNow()) is { } why) return (null, $"the certificate in '{path}' {why}");
        if (PemFiles.Join(chain[0], key, keyPath, out var problem) is not { } leaf) return (null, problem);
        return (new ShownCertificate(leaf, SslStreamCertificateContext.Create(leaf, [.. chain.Skip(1)], offline: true), facts), null);
    }
}
