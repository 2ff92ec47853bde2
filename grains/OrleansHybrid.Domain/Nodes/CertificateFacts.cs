namespace OrleansHybrid.Domain.Nodes;

/// <summary>What an X.509 certificate states, as far as the rules ask for it.</summary>
/// <param name="CommonName">CN of the subject; empty: none.</param>
/// <param name="Units">Every OU of the subject.</param>
/// <param name="Names">DNS names and IP addresses that it is made out to.</param>
/// <param name="ForServers">It may prove a server; a certificate without extended key usage may prove everything.</param>
/// <param name="ForClients">It may prove a client.</param>
public sealed record CertificateFacts(
    string CommonName,
    IReadOnlyList<string> Units,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    IReadOnlyList<string> Names,
    bool ForServers,
    bool ForClients);

/// <summary>For what a certificate is shown.</summary>
[Flags]
public enum CertificateUse
{
    Server = 1,
    Client = 2,
}
