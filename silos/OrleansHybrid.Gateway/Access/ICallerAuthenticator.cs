using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Links.Tls;

namespace OrleansHybrid.Gateway.Access;

/// <summary>Turns a credential into an identity. The host implements it; it is asked before a request's body is read.</summary>
/// <remarks>Called for each request: look keys up in memory.</remarks>
public interface ICallerAuthenticator
{
    ValueTask<AuthenticationOutcome> AuthenticateAsync(PresentedCredential credential, CancellationToken cancellationToken);
}

/// <param name="Bearer">The token of <c>Authorization: Bearer</c>, or null when there was none.</param>
/// <param name="Remote">The peer's address; null on a transport without one.</param>
public readonly record struct PresentedCredential(string? Bearer, IPAddress? Remote)
{
    private const string BearerScheme = "Bearer ";

    /// <summary>What the connection's client certificate states; null: there was none. The handshake made sure that it leads to an authority that counts here.</summary>
    public CertificateFacts? Certificate { get; init; }

    /// <summary>As a request shows it.</summary>
    public static PresentedCredential Of(HttpContext context)
    {
        string? header = context.Request.Headers.Authorization;
        var bearer = header is not null && header.StartsWith(BearerScheme, StringComparison.OrdinalIgnoreCase) ? header[BearerScheme.Length..].Trim() : null;
        var certificate = context.Connection.ClientCertificate is { } shown ? Shown.GetValue(shown, CertificateReading.FactsOf) : null;
        return new PresentedCredential(bearer, context.Connection.RemoteIpAddress) { Certificate = certificate };
    }

    /// <summary>Read once for each connection: a request is not the place to take a certificate apart.</summary>
    private static readonly ConditionalWeakTable<X509Certificate2, CertificateFacts> Shown = [];
}

/// <summary>An identity or a failure: exactly one of the two is set.</summary>
public readonly record struct AuthenticationOutcome(CallerIdentity? Identity, InferenceFailure? Failure)
{
    public static AuthenticationOutcome Of(CallerIdentity identity) => new(identity, null);

    public static AuthenticationOutcome Of(InferenceFailure failure) => new(null, failure);
}
