using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;
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

/// <summary>Who calls, after <see cref="FleetGate"/> let the call in.</summary>
internal static class FleetCaller
{
    public static NodeCaller Of(ServerCallContext context)
    {
        var identity = context.GetHttpContext().Features.GetRequiredFeature<CallerIdentity>();
        return new NodeCaller(KindOf(identity), identity.Node, identity.Name);
    }

    private static NodeCallerKind KindOf(CallerIdentity identity)
    {
        if (!identity.IsLink) return NodeCallerKind.Person;
        return identity.IsRegion ? NodeCallerKind.Region : NodeCallerKind.Node;
    }
}
