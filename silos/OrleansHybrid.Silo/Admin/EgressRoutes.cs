using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Links.Privacy;
using OrleansHybrid.Links.Records;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>GET /v1/egress</c>: each crossing of raw input out of this silo's zone, newest first, over restarts.</summary>
internal static class EgressRoutes
{
    public static void MapEgress(this IEndpointRouteBuilder admin) =>
        admin.MapGet("/egress", ListAsync).WithName("ListEgress")
            .WithSummary("Crossings of raw input out of this silo's zone, newest first. ?since=, ?request=, ?model=, ?to= (cell or zone) and ?rows= narrow; ?after= takes the last page's next.");

    private static async Task<EgressPageView> ListAsync(DateTimeOffset? since, string? request, string? model, string? to, int? rows, long? after, EgressLog log, CancellationToken cancellationToken)
    {
        var query = new RecordQuery<EgressRecord>(since, Matches, RecordPage.Rows(rows), after);
        var page = await log.ReadAsync(query, cancellationToken);
        return new EgressPageView(log.Written, page.Select(r => EgressView.Of(r.Record)), RecordPage.Next(page, query.Rows));

        bool Matches(EgressRecord r) =>
            (request is null || r.RequestId == request) && (model is null || r.Model == model) && (to is null || r.To == to || r.ToZone.WireName() == to);
    }
}

/// <summary>Pages of records, told apart by the records' numbers.</summary>
internal static class RecordPage
{
    private const int RowsDefault = 100;

    public static int Rows(int? asked) => Math.Clamp(asked ?? RowsDefault, 1, Limits.PageRowsMax);

    /// <summary>Null on the last page.</summary>
    public static long? Next<T>(IReadOnlyList<Numbered<T>> page, int rows) => page.Count < rows ? null : page[^1].Number;
}

/// <param name="Written">All since this silo started.</param>
/// <param name="Next">For <c>?after=</c>; null on the last page.</param>
internal sealed record EgressPageView(long Written, IEnumerable<EgressView> Records, long? Next);

internal sealed record EgressView(
    DateTimeOffset At, string RequestId, string Model, string FromCell, string FromZone, string To, string ToZone, long Bytes, string Ceiling, string Rule)
{
    public static EgressView Of(EgressRecord r) =>
        new(r.At, r.RequestId, r.Model, r.FromCell, r.FromZone.WireName(), r.To, r.ToZone.WireName(), r.Bytes, r.Ceiling.WireName(), r.Rule);
}
