using System.Net;

namespace OrleansHybrid.Gateway.Access;

/// <summary>Turns a credential into an identity. The host implements it; it is asked before a request's body is read.</summary>
/// <remarks>Called for each request: look keys up in memory.</remarks>
public interface ICallerAuthenticator
{
    ValueTask<AuthenticationOutcome> AuthenticateAsync(PresentedCredential credential, CancellationToken cancellationToken);
}

/// <param name="Bearer">The token of <c>Authorization: Bearer</c>, or null when there was none.</param>
/// <param name="Remote">The peer's address; null on a transport without one.</param>
public readonly record struct PresentedCredential(string? Bearer, IPAddress? Remote);

/// <summary>An identity or a failure: exactly one of the two is set.</summary>
public readonly record struct AuthenticationOutcome(CallerIdentity? Identity, InferenceFailure? Failure)
{
    public static AuthenticationOutcome Of(CallerIdentity identity) => new(identity, null);

    public static AuthenticationOutcome Of(InferenceFailure failure) => new(null, failure);
}
