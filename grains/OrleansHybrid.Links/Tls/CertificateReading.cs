using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Links.Tls;

/// <summary>Takes from a certificate what the rules ask for.</summary>
public static class CertificateReading
{
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuth = "1.3.6.1.5.5.7.3.2";
    private const string AnyUsage = "2.5.29.37.0";
    private const string UnitOid = "2.5.4.11";
    private const string CommonNameOid = "2.5.4.3";

    public static CertificateFacts FactsOf(X509Certificate2 certificate)
    {
        var subject = certificate.SubjectName.EnumerateRelativeDistinguishedNames().Where(r => !r.HasMultipleElements).Select(r => (Oid: r.GetSingleElementType().Value, Value: r.GetSingleElementValue() ?? "")).ToArray();
        var usages = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SelectMany(e => e.EnhancedKeyUsages.Cast<Oid>()).Select(o => o.Value).ToArray();
        return new CertificateFacts(
            subject.Where(p => p.Oid == CommonNameOid).Select(p => p.Value).SingleOrDefaultOfOne(),
            [.. subject.Where(p => p.Oid == UnitOid).Select(p => p.Value)],
            certificate.NotBefore.ToUniversalTime(),
            certificate.NotAfter.ToUniversalTime(),
            [.. Names(certificate)],
            Allows(usages, ServerAuth),
            Allows(usages, ClientAuth));
    }

    private static bool Allows(string?[] usages, string usage) => usages.Length == 0 || usages.Contains(usage) || usages.Contains(AnyUsage);

    private static IEnumerable<string> Names(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(e => e.EnumerateDnsNames().Concat(e.EnumerateIPAddresses().Select(a => a.ToString())));

    /// <summary>A subject with two common names names nobody: which of them counts would be a guess.</summary>
    private static string SingleOrDefaultOfOne(this IEnumerable<string> names) => names.Take(2).ToArray() is [var only] ? only : "";
}
