using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Links.Records;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>GET /v1/decisions</c>: the routing decisions that this silo kept, newest first, over restarts.</summary>
internal static class DecisionRoutes
{
    public static void MapDecisions(this IEndpointRouteBuilder admin) =>
        admin.MapGet("/decisions", ListAsync).WithName("ListDecisions").Produces<DecisionPageView>()
            .WithSummary("Routing decisions of this silo, newest first: metadata alone, sampled. ?since=, ?model=, ?tenant=, ?request=, ?zone= (or refused, failed), ?rule= and ?rows= narrow; ?after= takes the last page's next.");

    private static async Task<IResult> ListAsync([AsParameters] DecisionFilter filter, RecordLog<DecisionRecord> log, CancellationToken cancellationToken)
    {
        var query = new RecordQuery<DecisionRecord>(filter.Since, filter.Matches, RecordPage.Rows(filter.Rows), filter.After);
        var page = await log.ReadAsync(query, cancellationToken);
        return Results.Json(new DecisionPageView(log.State.Written, log.State.Lost, page.Select(r => r.Record), RecordPage.Next(page, query.Rows)), RecordJson.Options);
    }
}

/// <param name="Zone">The zone that answered, or <c>refused</c> or <c>failed</c>.</param>
/// <param name="Rule">A rule of the reason, or of an attempt.</param>
internal sealed record DecisionFilter(DateTimeOffset? Since, string? Model, string? Tenant, string? Request, string? Zone, string? Rule, int? Rows, long? After)
{
    public bool Matches(DecisionRecord record) =>
        (Model is null || record.Ask.Model == Model)
        && (Tenant is null || record.Ask.Tenant == Tenant)
        && (Request is null || record.RequestId == Request)
        && (Zone is null || Ended(record) == Zone)
        && (Rule is null || Names(record.Plan, Rule));

    private static string Ended(DecisionRecord record) =>
        record.Outcome.Zone is { } zone ? zone.WireName() : record.Plan.Refusal is null ? "failed" : "refused";

    private static bool Names(DecisionPlan plan, string rule) =>
        plan.CeilingRule == rule || plan.Attempts.Any(a => a.Rule == rule) || plan.Reason.Split(';').Any(zone => zone.EndsWith(':' + rule, StringComparison.Ordinal));
}

/// <param name="Written">Records since this silo started.</param>
/// <param name="Lost">Of them, those that never reached the disk and left memory.</param>
/// <param name="Next">For <c>?after=</c>; null on the last page.</param>
internal sealed record DecisionPageView(long Written, long Lost, IEnumerable<DecisionRecord> Records, long? Next);
