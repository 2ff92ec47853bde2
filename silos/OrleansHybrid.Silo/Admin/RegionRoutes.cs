using System.Net;
using OrleansHybrid.Contracts;
using OrleansHybrid.Contracts.Nodes;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;
using Microsoft.AspNetCore.Http.Features;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Gateway.Access;
using OrleansHybrid.Grains.Nodes;
using OrleansHybrid.Silo.Fleet;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>/v1/regions</c>: the cells below as they last reported. A cell without any has an empty list.</summary>
internal static class RegionRoutes
{
    public static void MapRegions(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/regions", async (IGrainFactory grains, FleetTrustRing ring, CancellationToken cancellationToken) =>
                new RegionListView((await grains.ListRegionsAsync(ring.Current.Regions, cancellationToken)).Select(RegionView.Of)))
            .WithName("ListRegions").WithSummary("The cells below: health with its age, link, documents, nodes by what they run, totals.");
        admin.MapGet("/regions/{region}", async (string region, IGrainFactory grains, FleetTrustRing ring, CancellationToken cancellationToken) =>
                ring.Current.Regions.Contains(region)
                    ? Results.Ok(RegionView.Of(await grains.GetRegion(region).GetAsync(cancellationToken)))
                    : AdminProblem.Of(HttpStatusCode.NotFound, $"No region '{region}' ever reported here. GET /v1/regions lists those that did."))
            .WithName("GetRegion").WithSummary("One cell below.").Produces<RegionView>();
        admin.MapPost("/regions/{region}:revoke", RevokeAsync)
            .WithName("RevokeRegion").WithSummary("Shuts a cell below out: its credential for good, and certificates of its name, until it enrols with a new join token.").WithMetadata(new AdminRight(CallerRoles.Operator)).Produces<RegionRevokedView>();
    }

    private static async Task<IResult> RevokeAsync(string region, HttpContext http, CellSettings cell, IGrainFactory grains, FleetTrustRing ring, FleetAudit audit, CancellationToken cancellationToken)
    {
        if (!NodeNames.IsName(region)) return AdminProblem.Of(HttpStatusCode.BadRequest, $"That is no name of a region. {NodeNames.Rule}");
        var serial = await grains.GetRegion(region).CredentialAsync(cancellationToken);
        await audit.AppendAsync(AdminGate.CallerOf(http), AuditVerbs.RegionRevoke, region, serial, "", ChangeAuthor.Of(http, http.Features.GetRequiredFeature<CallerIdentity>()).Why, cancellationToken);
        var (failure, lost) = await StoreProblem.Guard(ShutOutAsync(grains, cell, region, serial, cancellationToken), "The region is not known to be revoked");
        if (lost is not null) return lost;
        if (failure!.Failure is { } refused) return AdminProblem.Of(HttpStatusCode.Conflict, refused.Message);
        await grains.GetRegion(region).ForgetAsync(cancellationToken);
        await ring.RefreshAsync(cancellationToken);
        return Results.Ok(new RegionRevokedView(region, serial.Length == 0 ? null : serial));
    }

    private static async Task<Change> ShutOutAsync(IGrainFactory grains, CellSettings cell, string region, string serial, CancellationToken cancellationToken) =>
        new(await grains.GetFleetTrust(cell.Cell).RevokeRegionAsync(region, serial, cancellationToken));

    private sealed record Change(InferenceFailure? Failure);
}

/// <param name="Serial">Of the credential that ended; null: it had none.</param>
internal sealed record RegionRevokedView(string Region, string? Serial);

internal sealed record RegionListView(IEnumerable<RegionView> Regions);

/// <param name="AgeMs">Since its last report; null: none since this cell began to listen.</param>
/// <param name="Totals">Over all epochs, nothing counted twice.</param>
internal sealed record RegionView(
    string Region, string Health, double? AgeMs, string? Zone, long DocumentsRevision, IReadOnlyList<string> ExpiredDocuments, RegionLink? Link, NodeCounts Nodes, IEnumerable<RegionTotalView> Totals)
{
    public static RegionView Of(RegionStatus r) => new(
        r.Region, r.Health.ToString().ToLowerInvariant(), r.Age?.TotalMilliseconds, r.Report?.Zone.WireName(), r.DocumentsRevision, r.Report?.ExpiredDocuments ?? [], r.Report?.Link, r.Report?.Counts ?? NodeCounts.None,
        r.Totals.Select(t => new RegionTotalView(t.Model, t.Version, t.Requests, t.Failures)));
}

internal sealed record RegionTotalView(string Model, int Version, long Requests, long Failures);

/// <summary>What central adds to its own nodes: counts for each region, and the nodes that somebody should look at.</summary>
internal sealed record RegionCountsView(IEnumerable<RegionCountView> Counts, IEnumerable<RegionOutlierView> Outliers)
{
    public static RegionCountsView Of(IReadOnlyList<RegionStatus> regions) => new(
        regions.SelectMany(r => (r.Report?.Counts.Rows ?? []).Select(c => new RegionCountView(r.Region, r.Health.ToString().ToLowerInvariant(), r.Age?.TotalMilliseconds, c.Kind, c.Health, c.Model, c.Version, c.Stage, c.Nodes))),
        regions.SelectMany(r => (r.Report?.Counts.Outliers ?? []).Select(o => new RegionOutlierView(r.Region, o.Node, o.Kind, o.Health, o.AgeSeconds, o.What)))
            .OrderByDescending(o => o.AgeSeconds).Take(Limits.RegionOutliersMax));
}

/// <param name="RegionHealth">A count of a region that is stale is as old as <paramref name="RegionAgeMs"/>.</param>
internal sealed record RegionCountView(string Region, string RegionHealth, double? RegionAgeMs, string Kind, string Health, string Model, int Version, string Stage, long Nodes);

internal sealed record RegionOutlierView(string Region, string Node, string Kind, string Health, long AgeSeconds, string What);
