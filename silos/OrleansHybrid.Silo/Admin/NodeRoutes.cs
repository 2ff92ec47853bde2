using System.Net;
using Microsoft.AspNetCore.Mvc;
using OrleansHybrid.Contracts;
using OrleansHybrid.Contracts.Nodes;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Grains.Nodes;
using OrleansHybrid.Silo.Fleet;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>/v1/nodes</c>: the cell's nodes as they last reported, each figure with its age; ending a node's credential.</summary>
internal static class NodeRoutes
{
    private static readonly AdminRight Operator = new(CallerRoles.Operator);

    public static void MapNodes(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/nodes", ListAsync).WithName("ListNodes").Produces<NodePageView>()
            .WithSummary("The cell's nodes in pages (?after= takes the last page's next), by kind, health, model, version, stage and label=name:value; central adds what its regions count.");
        admin.MapGet("/nodes/{node}", GetAsync).WithName("GetNode").WithSummary("One node: its twin, and how it is now.").Produces<NodeView>();
        admin.MapPost("/nodes/{node}:revoke", RevokeAsync).WithName("RevokeNode").WithSummary("Ends a node's credential for good; it comes back with a new join token.").WithMetadata(Operator).Produces<NodeIdentityView>();
    }

    private static async Task<IResult> ListAsync([AsParameters] NodeFilter filter, IGrainFactory grains, CellSettings cell, FleetTrustRing ring, CancellationToken cancellationToken)
    {
        if (!filter.TryRead(out var query, out var wrong)) return AdminProblem.Of(HttpStatusCode.BadRequest, wrong);
        var page = await grains.ListNodesAsync(query, cancellationToken);
        var regions = cell.Upstream is null && query.After is null ? await grains.ListRegionsAsync(ring.Current.Regions, cancellationToken) : [];
        return Results.Ok(new NodePageView(page.Nodes.Select(n => NodeView.Of(n)), page.Next, regions.Count == 0 ? null : RegionCountsView.Of(regions)));
    }

    private static async Task<IResult> GetAsync(string node, CellSettings cell, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var key = new NodeKey(cell.Cell, node);
        var now = (await grains.FindNodesAsync([key], cancellationToken))[0];
        var twin = grains.GetNode(key);
        var identity = await twin.GetIdentityAsync(cancellationToken);
        var status = now.Report is null ? (await twin.GetAsync(cancellationToken)) with { Health = NodeHealth.Unknown } : now;
        return status.Report is null && identity.EnrolledAt is null
            ? AdminProblem.Of(HttpStatusCode.NotFound, $"No node '{node}' ever reported to cell '{cell.Cell}'. GET /v1/nodes lists those that did.")
            : Results.Ok(NodeView.Of(status) with { Identity = NodeIdentityView.Of(identity) });
    }

    private static async Task<IResult> RevokeAsync(string node, HttpContext http, CellSettings cell, IGrainFactory grains, FleetTrustRing ring, FleetAudit audit, CancellationToken cancellationToken)
    {
        var key = new NodeKey(cell.Cell, node);
        var identity = await grains.GetNode(key).GetIdentityAsync(cancellationToken);
        if (identity.Serial.Length == 0) return AdminProblem.Of(HttpStatusCode.NotFound, $"No node '{node}' enrolled in cell '{cell.Cell}' with a join token, so there is no credential to revoke.");
        await audit.AppendAsync(AdminGate.CallerOf(http), AuditVerbs.NodeRevoke, node, identity.Serial, "", "", cancellationToken);

        // What counts first: the credential. Twin and list follow.
        if (await grains.GetFleetTrust(cell.Cell).RevokeSerialAsync(identity.Serial, cancellationToken) is { } failure) return AdminProblem.Of(HttpStatusCode.Conflict, failure.Message);
        var revoked = await grains.GetNode(key).RevokeAsync(cancellationToken);
        await grains.GetFleetShard(key).ForgetAsync(key, cancellationToken);
        await ring.RefreshAsync(cancellationToken);
        return Results.Ok(NodeIdentityView.Of(revoked));
    }
}

/// <summary>The filters of <c>GET /v1/nodes</c> as they were written.</summary>
internal sealed record NodeFilter(
    string? Kind, string? Health, string? Model, int? Version, string? Stage, [property: FromQuery(Name = "label")] string[]? Labels, string? After, int? Rows)
{
    public bool TryRead(out FleetQuery query, out string wrong)
    {
        query = new FleetQuery();
        if (!TryWord<NodeKind>("kind", Kind, out var kind, out wrong) || !TryWord<NodeHealth>("health", Health, out var health, out wrong) || !TryWord<NodeVersionStage>("stage", Stage, out var stage, out wrong)) return false;
        var pairs = (Labels ?? []).Select(l => l.Split(':', 2)).ToArray();
        if (pairs.Any(p => p.Length != 2)) wrong = "label: write name:value, once for each label.";
        if (pairs.Length > Limits.NodeLabelsMax) wrong = $"label: at most {Limits.NodeLabelsMax} are taken.";
        if (wrong.Length > 0) return false;
        query = new FleetQuery(kind, health, After, Rows ?? 100)
        {
            Model = Model, Version = Version, Stage = stage, Labels = pairs.DistinctBy(p => p[0]).ToDictionary(p => p[0], p => p[1]),
        };
        return true;
    }

    private static bool TryWord<T>(string name, string? text, out T? value, out string wrong)
        where T : struct, Enum
    {
        (value, wrong) = (null, "");
        if (text is null) return true;
        var words = Enum.GetNames<T>().Select(n => n.ToLowerInvariant()).ToArray();
        if (Array.IndexOf(words, text) is var index and >= 0) value = Enum.GetValues<T>()[index];
        else wrong = $"{name}: expected one of {string.Join(", ", words)}.";
        return value is not null;
    }
}
