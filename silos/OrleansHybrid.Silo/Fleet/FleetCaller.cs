using Grpc.Core;
using OrleansHybrid.Domain;
using OrleansHybrid.Gateway.Access;

namespace OrleansHybrid.Silo.Fleet;

/// <summary>As what a caller of the fleet protocol acts.</summary>
internal enum NodeCallerKind
{
    /// <summary>A person's key.</summary>
    Person,
    Node,
    Region,
}

/// <param name="Node">The node's or region's name by its credential; empty: it names none.</param>
/// <param name="Name">Of the credential, for records.</param>
internal sealed record NodeCaller(NodeCallerKind Kind, string Node, string Name);

/// <summary>Authenticates a call of the fleet protocol.</summary>
internal sealed class FleetCaller(ICallerAuthenticator authenticator)
{
    private const string Scheme = "Bearer ";

    /// <param name="role">One of these is enough.</param>
    /// <param name="named">The roles in words.</param>
    public async ValueTask<NodeCaller> AdmitAsync(ServerCallContext context, CallerRoles role, string named)
    {
        var http = context.GetHttpContext();
        var outcome = await authenticator.AuthenticateAsync(new PresentedCredential(Bearer(http), http.Connection.RemoteIpAddress), context.CancellationToken);
        if (outcome.Failure is { } failure) throw FleetStatus.Of(failure);
        var identity = outcome.Identity!;
        if ((identity.Roles & role) == 0) throw FleetStatus.Of(new InferenceFailure(FailureCode.Forbidden, $"This credential lacks the role {named}. A node gets one that has it when it enrols with a join token."));
        return new NodeCaller(KindOf(identity), identity.Node, identity.Name);
    }

    private static NodeCallerKind KindOf(CallerIdentity identity)
    {
        if (!identity.IsLink) return NodeCallerKind.Person;
        return identity.IsRegion ? NodeCallerKind.Region : NodeCallerKind.Node;
    }

    private static string? Bearer(HttpContext http) =>
        http.Request.Headers.Authorization.ToString() is { } header && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
}
