using Microsoft.AspNetCore.Http;

namespace OrleansHybrid.Gateway.Access;

/// <summary>Asks the authenticator and checks the role, before anything of a body is read. Of several roles named, one is enough.</summary>
internal sealed class CallerGate(ICallerAuthenticator authenticator)
{
    public async ValueTask<AuthenticationOutcome> AdmitAsync(HttpContext context, CallerRoles needed)
    {
        var outcome = await authenticator.AuthenticateAsync(PresentedCredential.Of(context), context.RequestAborted);
        if (outcome.Identity is not { } identity) return outcome;
        return (identity.Roles & needed) != 0 ? outcome : AuthenticationOutcome.Of(Refused(needed));
    }

    private static InferenceFailure Refused(CallerRoles needed) => new(
        FailureCode.Forbidden,
        $"This credential lacks the role {needed.ToString().ToLowerInvariant().Replace(", ", " or ")}. Use a key that has it.");
}
