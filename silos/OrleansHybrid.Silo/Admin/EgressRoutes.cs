using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Links.Privacy;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>GET /v1/egress</c>: each crossing of raw input out of this silo's zone, newest first.</summary>
internal static class EgressRoutes
{
    private const int RowsDefault = 100;

    public static void MapEgress(this IEndpointRouteBuilder admin) =>
        admin.MapGet("/egress", (DateTimeOffset? since, string? request, int? rows, EgressLog log) => new EgressPageView(
                log.Written,
                log.Read(since, r => request is null || r.RequestId == request, Math.Clamp(rows ?? RowsDefault, 1, Limits.EgressRecordsMax)).Select(EgressView.Of)))
            .WithName("ListEgress").WithSummary("Crossings of raw input out of this zone. ?since=, ?request= and ?rows= narrow.");
}

/// <param name="Written">All since the start; the oldest beyond the log's size are no longer listed.</param>
internal sealed record EgressPageView(long Written, IEnumerable<EgressView> Records);

internal sealed record EgressView(
    DateTimeOffset At, string RequestId, string Model, string FromCell, string FromZone, string To, string ToZone, long Bytes, string Ceiling, string Rule)
{
    public static EgressView Of(EgressRecord r) =>
        new(r.At, r.RequestId, r.Model, r.FromCell, r.FromZone.WireName(), r.To, r.ToZone.WireName(), r.Bytes, r.Ceiling.WireName(), r.Rule);
}
