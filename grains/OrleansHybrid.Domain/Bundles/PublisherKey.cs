using System.Security.Cryptography;
using System.Text;

namespace OrleansHybrid.Domain.Bundles;

/// <summary>A public key that signatures are checked against: ECDSA on P-256 (with SHA-256) or P-384 (with SHA-384).</summary>
/// <param name="Name">For people: the file it came from, say.</param>
/// <param name="Pem">SubjectPublicKeyInfo as PEM, ending in one newline.</param>
public sealed record PublisherKey(string Name, string Pem)
{
    /// <summary>SHA-256 of the PEM text, lower-case hex: the key hint of OpenSSF Model Signing 1.0.</summary>
    public string KeyId { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Pem)));

    /// <summary>Reads a PEM text, whatever its line ends.</summary>
    /// <returns>Null when it holds no usable key; then <paramref name="problem"/> says why.</returns>
    public static PublisherKey? Read(string name, string text, out BundleProblem? problem)
    {
        problem = null;
        if (text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            problem = new BundleProblem(BundleRefusal.UnusableKey, $"'{name}' holds a private key; a public one is expected. Private keys stay with their publisher: remove it here and put the '.pub' file beside it in its place.");
            return null;
        }

        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(text);
            if (HashOf(key) is null) problem = Unusable(name);
            else return new PublisherKey(name, key.ExportSubjectPublicKeyInfoPem().ReplaceLineEndings("\n") + "\n");
        }
        catch (Exception unreadable) when (unreadable is ArgumentException or CryptographicException)
        {
            problem = Unusable(name);
        }

        return null;
    }

    /// <param name="signature">ASN.1 DER (RFC 3279), as DSSE and Sigstore carry it.</param>
    public bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(Pem);
        return HashOf(key) is { } hash && key.VerifyData(data, signature, hash, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <summary>The hash that belongs to a key's curve; null for a curve that is not allowed.</summary>
    public static HashAlgorithmName? HashOf(ECDsa key) => key.ExportParameters(false).Curve.Oid is { } curve
        ? curve.FriendlyName switch
        {
            "nistP256" or "ECDSA_P256" => HashAlgorithmName.SHA256,
            "nistP384" or "ECDSA_P384" => HashAlgorithmName.SHA384,
            _ => curve.Value switch { "1.2.840.10045.3.1.7" => HashAlgorithmName.SHA256, "1.3.132.0.34" => HashAlgorithmName.SHA384, _ => null },
        }
        : null;

    private static BundleProblem Unusable(string name) =>
        new(BundleRefusal.UnusableKey, $"'{name}': expected a public key of ECDSA on P-256 or P-384 in PEM; came something else. Make one with: hybrid keys make");
}
