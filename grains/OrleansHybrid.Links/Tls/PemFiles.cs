using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Links.Tls;

/// <summary>Reads PEM files of certificates and keys. What is wrong with one is a sentence that names the file and what to do.</summary>
public static class PemFiles
{
    private const string RsaOid = "1.2.840.113549.1.1.1";
    private const string EcOid = "1.2.840.10045.2.1";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>A file's bytes; null with the problem when it cannot be read, or is longer than such a file is.</summary>
    /// <param name="secret">Refused when others can read it.</param>
    public static byte[]? Read(string path, bool secret, out string? problem)
    {
        problem = null;
        try
        {
            if (!File.Exists(path)) problem = $"there is no file '{path}'";
            else if (new FileInfo(path).Length > Limits.CertificateFileBytesMax) problem = $"'{path}' is longer than {Limits.CertificateFileBytesMax} bytes, so it is no PEM file of certificates";
            else if (secret && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0) problem = $"'{path}' can be read by others. Close it with: chmod 600 '{path}'";
            return problem is null ? File.ReadAllBytes(path) : null;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            problem = $"'{path}' cannot be read: {failed.Message}";
            return null;
        }
    }

    /// <summary>Every certificate of a file, in its order.</summary>
    public static X509Certificate2Collection? Certificates(byte[] bytes, string path, out string? problem)
    {
        var all = new X509Certificate2Collection();
        problem = null;
        try
        {
            all.ImportFromPem(Encoding.UTF8.GetString(bytes));
        }
        catch (CryptographicException)
        {
            problem = $"'{path}' holds a certificate that cannot be read";
            return null;
        }

        if (all.Count == 0) problem = $"'{path}' holds no certificate: expected PEM text, '-----BEGIN CERTIFICATE-----'";
        return problem is null ? all : null;
    }

    /// <summary>The certificate joined with its key, where the key is its own.</summary>
    public static X509Certificate2? Join(X509Certificate2 certificate, byte[] keyBytes, string keyPath, out string? problem)
    {
        var text = Encoding.UTF8.GetString(keyBytes);
        problem = null;
        if (text.Contains("ENCRYPTED", StringComparison.Ordinal))
        {
            problem = $"'{keyPath}' is encrypted, and nobody is there to ask for its passphrase. Write it without one, readable by the owner alone: openssl pkey -in KEY -out PLAIN";
            return null;
        }

        try
        {
            return certificate.GetKeyAlgorithm() switch
            {
                RsaOid => WithRsa(certificate, text, keyPath, out problem),
                EcOid => WithEc(certificate, text, keyPath, out problem),
                var other => Refuse($"the certificate's key algorithm {other} is not supported. Make one with an RSA or ECDSA key", out problem),
            };
        }
        catch (Exception failed) when (failed is CryptographicException or ArgumentException)
        {
            return Refuse($"'{keyPath}' holds no private key of the certificate's kind: expected PEM text, '-----BEGIN PRIVATE KEY-----'", out problem);
        }
    }

    private static X509Certificate2? WithRsa(X509Certificate2 certificate, string text, string path, out string? problem)
    {
        using var key = RSA.Create();
        key.ImportFromPem(text);
        problem = OtherKey(certificate, key, path);
        return problem is null ? Usable(certificate.CopyWithPrivateKey(key)) : null;
    }

    private static X509Certificate2? WithEc(X509Certificate2 certificate, string text, string path, out string? problem)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(text);
        problem = OtherKey(certificate, key, path);
        return problem is null ? Usable(certificate.CopyWithPrivateKey(key)) : null;
    }

    private static string? OtherKey(X509Certificate2 certificate, AsymmetricAlgorithm key, string path) =>
        key.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(certificate.PublicKey.ExportSubjectPublicKeyInfo()) ? null : $"the key in '{path}' does not belong to the certificate. Give the key that the certificate was made for";

    /// <summary>Windows' own TLS takes no key that lives in memory alone.</summary>
    private static X509Certificate2 Usable(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows()) return certificate;
        using (certificate) return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    private static X509Certificate2? Refuse(string why, out string? problem)
    {
        problem = why;
        return null;
    }
}
