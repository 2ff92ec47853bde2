using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Links.Tls;

namespace OrleansHybrid.Gateway.Hosting;

/// <summary>TLS of a listener: which certificate it shows, and whose client certificates it takes. TLS 1.2 or later.</summary>
/// <remarks>A client without a certificate is let in and has to show a key. One whose certificate does not lead to an authority is refused in the handshake: it would not know that it counts as nobody.</remarks>
/// <param name="clients">Null: no certificate is asked for.</param>
/// <param name="refused">Told why a client was refused.</param>
public sealed class ListenerTls(TlsCertificate certificate, TlsTrust? clients, Action<string> refused)
{
    /// <summary>Makes a listener speak TLS and nothing else; HTTP/2 is agreed on by ALPN.</summary>
    public void Secure(ListenOptions listen) =>
        listen.UseHttps(new TlsHandshakeCallbackOptions { HandshakeTimeout = Limits.TlsHandshakeMax, OnConnection = context => ValueTask.FromResult(OptionsFor(context)) });

    private SslServerAuthenticationOptions OptionsFor(TlsHandshakeCallbackContext context)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate.Current.Context,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateRequired = clients is not null,
        };
        if (clients is null) return options;
        var remote = context.Connection.RemoteEndPoint;
        options.CertificateChainPolicy = clients.PolicyFor(CertificateUse.Client);
        options.RemoteCertificateValidationCallback = (_, shown, chain, _) =>
        {
            if (shown is not X509Certificate2 client) return shown is null;
            if (clients.WhyNot(client, chain?.ChainPolicy.ExtraStore, CertificateUse.Client, null) is not { } why) return true;
            refused($"A client at {remote} was refused: {why}");
            return false;
        };
        return options;
    }
}
