using System.Net;
using OrleansHybrid.Contracts;
using OrleansHybrid.Contracts.Nodes;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>GET /v1/nodes</c>: the cell's nodes as they last reported; each figure comes with its age.</summary>
internal static class NodeRoutes
{
    public static void MapNodes(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/nodes", async (string? after, int? rows, IGrainFactory grains, CancellationToken cancellationToken) =>
            NodePageView.Of(await grains.ListNodesAsync(new FleetQuery(After: after, Rows: rows ?? 100), cancellationToken)))
            .WithName("ListNodes").WithSummary("The cell's nodes in pages; ?after= takes the last page's next.");
        admin.MapGet("/nodes/{node}", async (string node, CellSettings cell, IGrainFactory grains, CancellationToken cancellationToken) =>
            await grains.GetNode(new NodeKey(cell.Cell, node)).GetAsync(cancellationToken) is { Report: not null } status
                ? Results.Ok(NodeView.Of(status))
                : AdminProblem.Of(HttpStatusCode.NotFound, $"No node '{node}' ever reported to cell '{cell.Cell}'. GET /v1/nodes lists those that did."))
            .WithName("GetNode").WithSummary("One node's twin.").Produces<NodeView>();
    }
}

internal sealed record NodePageView(IEnumerable<NodeView> Nodes, string? Next)
{
    public static NodePageView Of(FleetPage page) => new(page.Nodes.Select(NodeView.Of), page.Next);
}

/// <param name="AgeMs">Since the report arrived, milliseconds; null when none did.</param>
internal sealed record NodeView(
    string Cell, string Node, string Health, double? AgeMs, string? Kind, string? Zone, string? InferenceAddress, long? MemoryBytes, int? Cores, IEnumerable<NodeVariantView> Variants)
{
    public static NodeView Of(NodeStatus status) => new(
        status.Key.Cell,
        status.Key.Node,
        status.Health.ToString().ToLowerInvariant(),
        status.Age?.TotalMilliseconds,
        status.Report?.Kind.ToString().ToLowerInvariant(),
        status.Report?.Zone.WireName(),
        status.Report?.InferenceAddress,
        status.Report?.MemoryBytes,
        status.Report?.Cores,
        status.Report?.Variants.Select(v => new NodeVariantView(v.Key.Model, v.Key.Version, v.Key.Variant, v.Digest, v.QueueMsP95, v.RunMsP95, v.Waiting)) ?? []);
}

internal sealed record NodeVariantView(string Model, int Version, string Variant, string Digest, double QueueMsP95, double RunMsP95, int Waiting);
