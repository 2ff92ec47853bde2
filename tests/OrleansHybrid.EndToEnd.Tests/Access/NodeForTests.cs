using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Gateway.Access;

namespace OrleansHybrid.EndToEnd.Tests.Access;

/// <summary>A credential that holds the role of nodes and no other, beside all that the cell knows itself.</summary>
internal static class NodeForTests
{
    public const string Credential = "node-for-tests";

    public static void Admit(IServiceCollection services)
    {
        var own = services.Last(s => s.ServiceType == typeof(ICallerAuthenticator));
        services.AddSingleton<ICallerAuthenticator>(s => new Authenticator(Own(s, own)));
    }

    private static ICallerAuthenticator Own(IServiceProvider services, ServiceDescriptor own) =>
        (ICallerAuthenticator)(own.ImplementationFactory?.Invoke(services) ?? ActivatorUtilities.CreateInstance(services, own.ImplementationType!));

    private sealed class Authenticator(ICallerAuthenticator own) : ICallerAuthenticator
    {
        private static readonly AuthenticationOutcome Node = AuthenticationOutcome.Of(new CallerIdentity("default", CallerRoles.Node, false, "node box-1"));

        public ValueTask<AuthenticationOutcome> AuthenticateAsync(PresentedCredential credential, CancellationToken cancellationToken) =>
            credential.Bearer == Credential ? ValueTask.FromResult(Node) : own.AuthenticateAsync(credential, cancellationToken);
    }
}
