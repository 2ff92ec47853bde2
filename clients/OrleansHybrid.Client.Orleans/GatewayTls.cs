using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Client.Orleans;

/// <summary>How a service beside a cell with <c>--silo-tls-ca</c> speaks to its silos: it shows a certificate of the silos' authority, and believes nobody else's.</summary>
/// <param name="Certificate">With its private key; asked for at each connection, so that a renewed one is used without a restart.</param>
/// <param name="Authorities">Those of the cell's <c>--silo-tls-ca</c>.</param>
public sealed record GatewayTls(Func<X509Certificate2> Certificate, X509Certificate2Collection Authorities)
{
    /// <summary>Sent as the name of the server, since a name must be sent; nobody looks at it.</summary>
    private const string AnySilo = "silo";

    internal void Set(TlsOptions options)
    {
        options.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        options.HandshakeTimeout = Limits.TlsHandshakeMax;
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.LocalCertificate = Certificate();
        options.LocalClientCertificateSelector = (_, _, _, _, _) => Certificate();
        options.RemoteCertificateValidation = (certificate, chain, _) => certificate is not null && Believes(certificate, chain?.ChainPolicy.ExtraStore);
        options.OnAuthenticateAsClient = (_, client) =>
        {
            client.TargetHost = AnySilo;
            if (client.SslClientAuthenticationOptions is SslClientAuthenticationOptions all) all.CertificateChainPolicy = Policy();
        };
    }

    private bool Believes(X509Certificate2 certificate, X509Certificate2Collection? sent)
    {
        using var chain = new X509Chain { ChainPolicy = Policy() };
        if (sent is not null) chain.ChainPolicy.ExtraStore.AddRange(sent);
        return chain.Build(certificate);
    }

    private X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true, TrustMode = X509ChainTrustMode.CustomRootTrust };
        policy.CustomTrustStore.AddRange(Authorities);
        return policy;
    }
}
