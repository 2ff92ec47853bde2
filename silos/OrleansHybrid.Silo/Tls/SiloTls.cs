using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;
using OrleansHybrid.Domain;
using OrleansHybrid.Links.Tls;

namespace OrleansHybrid.Silo.Tls;

/// <summary>TLS on the silo port and the Orleans gateway port: both ends show a certificate that leads to an authority of the cell's silos, or nothing is said.</summary>
/// <remarks>Names are not compared: silos are reached by addresses that come and go, and whoever the authority signed is a silo or a client of this cell.</remarks>
internal static class SiloTls
{
    /// <summary>Sent as the name of the server, since a name must be sent; nobody looks at it.</summary>
    private const string AnySilo = "silo";

    public static ISiloBuilder UseSiloTls(this ISiloBuilder silo, CellTls tls) =>
        tls is { Silos: { } authorities, SiloCertificate: { } own } ? silo.UseTls(options => Set(options, authorities, own, tls.Notes)) : silo;

    private static void Set(TlsOptions options, TlsTrust authorities, TlsCertificate own, TlsNotes notes)
    {
        options.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        options.HandshakeTimeout = Limits.TlsHandshakeMax;
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.LocalCertificate = own.Current.Leaf;
        options.LocalServerCertificateSelector = (_, _) => own.Current.Leaf;
        options.LocalClientCertificateSelector = (_, _, _, _, _) => own.Current.Leaf;
        options.RemoteCertificateValidation = (certificate, chain, _) => Believes(certificate, chain, authorities, notes);
        options.OnAuthenticateAsServer = (_, server) => Set((SslServerAuthenticationOptions)server.SslServerAuthenticationOptions, authorities, own);
        options.OnAuthenticateAsClient = (_, client) => Set((SslClientAuthenticationOptions)client.SslClientAuthenticationOptions, authorities, own);
    }

    /// <summary>The whole chain in place of the leaf alone: what stands between leaf and authority is shown too.</summary>
    private static void Set(SslServerAuthenticationOptions options, TlsTrust authorities, TlsCertificate own)
    {
        (options.ServerCertificate, options.ServerCertificateSelectionCallback) = (null, null);
        (options.ServerCertificateContext, options.CertificateChainPolicy) = (own.Current.Context, authorities.PolicyFor(null));
    }

    private static void Set(SslClientAuthenticationOptions options, TlsTrust authorities, TlsCertificate own)
    {
        (options.TargetHost, options.ClientCertificates, options.LocalCertificateSelectionCallback) = (AnySilo, null, null);
        (options.ClientCertificateContext, options.CertificateChainPolicy) = (own.Current.Context, authorities.PolicyFor(null));
    }

    private static bool Believes(X509Certificate2? certificate, X509Chain? chain, TlsTrust authorities, TlsNotes notes)
    {
        var why = certificate is null ? "It showed no certificate." : authorities.WhyNot(certificate, chain?.ChainPolicy.ExtraStore, null, null);
        if (why is not null) notes.Refused($"A silo or client of the cluster was refused: {why}");
        return why is null;
    }
}
