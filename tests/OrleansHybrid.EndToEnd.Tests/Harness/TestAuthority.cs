using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>Certificate and key of somebody, as files.</summary>
internal sealed record TestCertificate(string Certificate, string Key);

/// <summary>An authority that makes certificates for a test, in PEM files of its folder.</summary>
internal sealed class TestAuthority : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 certificate;
    private readonly string folder;
    private int made;

    public TestAuthority(TempFolder parent, string name)
    {
        folder = Directory.CreateDirectory(parent.Sub("tls-" + name)).FullName;
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        certificate = request.CreateSelfSigned(Now - TimeSpan.FromDays(2), Now + TimeSpan.FromDays(3650));
        File = Path.Combine(folder, "ca.pem");
        System.IO.File.WriteAllText(File, certificate.ExportCertificatePem());
    }

    /// <summary>The authority itself.</summary>
    public string File { get; }

    public X509Certificate2Collection Trusted => [certificate];

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <param name="subject">Without <c>CN=</c> in front it is the common name.</param>
    /// <param name="host">An IP address or a DNS name that it is made out to.</param>
    /// <param name="from">Days from now on which it begins to count.</param>
    /// <param name="to">Days from now on which it ends to count.</param>
    public TestCertificate Make(string subject, string host = "127.0.0.1", double from = -1, double to = 30)
    {
        var files = new TestCertificate(Path.Combine(folder, $"{++made}.pem"), Path.Combine(folder, $"{made}.key"));
        Write(files, subject, host, from, to);
        return files;
    }

    /// <summary>Puts another certificate in the place of one: the key first, as a careful renewal does.</summary>
    public void Write(TestCertificate files, string subject, string host = "127.0.0.1", double from = -1, double to = 30)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject.Contains('=', StringComparison.Ordinal) ? subject : "CN=" + subject, own, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
        else names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(certificate, Now + TimeSpan.FromDays(from), Now + TimeSpan.FromDays(to), RandomNumberGenerator.GetBytes(8));
        System.IO.File.WriteAllText(files.Key, own.ExportPkcs8PrivateKeyPem());
        System.IO.File.SetUnixFileMode(files.Key, OwnerOnly);
        System.IO.File.WriteAllText(files.Certificate, signed.ExportCertificatePem());
    }

    /// <summary>A plain HTTP client that believes this authority.</summary>
    /// <param name="shown">Its own certificate; null: none.</param>
    public HttpClient Client(TestCertificate? shown = null)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(certificate);
        var options = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        if (shown is not null) options.ClientCertificates = [X509Certificate2.CreateFromPemFile(shown.Certificate, shown.Key)];
        return new HttpClient(new SocketsHttpHandler { SslOptions = options }) { Timeout = Wait.Long };
    }

    public void Dispose()
    {
        certificate.Dispose();
        key.Dispose();
    }
}
