using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Links.Tls;

/// <summary>TLS of the side that dials: whom it believes, and what it shows. TLS 1.2 or later.</summary>
/// <param name="trust">Whom the server's certificate must lead to.</param>
/// <param name="own">Shown when the server asks for one; null: none.</param>
/// <param name="same">A server that shows this certificate is believed without more: silos of one cell share it. Null: none is.</param>
public sealed class LinkTls(TlsTrust trust, TlsCertificate? own, TlsCertificate? same = null) : IDisposable
{
    /// <summary>What ends with this; what was handed in from elsewhere does not.</summary>
    internal IReadOnlyList<IDisposable> Owned { get; init; } = [];

    public void Dispose()
    {
        foreach (var one in Owned) one.Dispose();
    }

    /// <summary>As an <see cref="SslStream"/>, so that the HTTP stack takes it as it is; each connection shows the certificate that is in use then.</summary>
    /// <exception cref="AuthenticationException">The server is not believed; the message says why.</exception>
    public async ValueTask<Stream> SecureAsync(Stream plain, string host, SslApplicationProtocol protocol, CancellationToken cancellationToken)
    {
        string? why = null;
        var secure = new SslStream(plain);
        try
        {
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                    ApplicationProtocols = [protocol],
                    ClientCertificateContext = own?.Current.Context,
                    CertificateChainPolicy = trust.PolicyFor(CertificateUse.Server),
                    RemoteCertificateValidationCallback = (_, certificate, chain, _) => (why = WhyNot(certificate, chain, host)) is null,
                },
                cancellationToken).ConfigureAwait(false);
            return secure;
        }
        catch (AuthenticationException) when (why is not null)
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw new AuthenticationException(why);
        }
        catch
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private string? WhyNot(X509Certificate? shown, X509Chain? chain, string host)
    {
        if (shown is not X509Certificate2 certificate) return "The server showed no certificate.";
        if (same is not null && certificate.RawDataMemory.Span.SequenceEqual(same.Current.Leaf.RawDataMemory.Span)) return null;
        return trust.WhyNot(certificate, chain?.ChainPolicy.ExtraStore, CertificateUse.Server, IPAddress.TryParse(host.Trim('[', ']'), out var address) ? address.ToString() : host);
    }
}
