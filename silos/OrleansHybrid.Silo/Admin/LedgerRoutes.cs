using System.Globalization;
using System.Net;
using System.Text.Json.Serialization;
using OrleansHybrid.Contracts.Ledger;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Grains;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Admin;

/// <summary><c>GET /v1/ledger</c>: what this cell's requests, runs, links and loaded models cost, all its silos together.</summary>
internal static class LedgerRoutes
{
    public static void MapLedger(this IEndpointRouteBuilder admin) =>
        admin.MapGet("/ledger", AskAsync).WithName("AskLedger").Produces<LedgerView>()
            .WithSummary("Costs of this cell. ?by= names columns (default zone), ?since= leaves out the hours that ended before.");

    private static async Task<IResult> AskAsync(
        string? by, string? since, CellSettings cell, IGrainFactory grains, [FromKeyedServices(HybridClock.Key)] TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!LedgerQueries.TryParseBy(by, out var columns, out var wrong))
        {
            return AdminProblem.Of(HttpStatusCode.BadRequest, $"'by' names columns, comma-separated; '{wrong}' is none. Use {string.Join(", ", LedgerQueries.ColumnNames)}.");
        }

        DateTimeOffset? from = null;
        if (!string.IsNullOrEmpty(since))
        {
            if (!DateTimeOffset.TryParse(since, null, DateTimeStyles.AssumeUniversal, out var parsed))
            {
                return AdminProblem.Of(HttpStatusCode.BadRequest, $"'since' is a time as in 2026-01-31T12:00:00Z; '{since}' came.");
            }

            from = parsed;
        }

        var answer = await grains.AskLedgerAsync(cell.Cell, new LedgerQuery(columns, from), cancellationToken);
        return Results.Ok(LedgerView.Of(cell.Cell, answer, clock.GetUtcNow()));
    }
}

/// <param name="AgeMs">Since a silo's last batch was booked, milliseconds; null when none was.</param>
/// <param name="LeftOff">Groups beyond the most that one answer lists; the totals hold them.</param>
internal sealed record LedgerView(string Cell, double? AgeMs, IEnumerable<LedgerRowView> Rows, int LeftOff, LedgerRowView Totals)
{
    public static LedgerView Of(string cell, LedgerAnswer answer, DateTimeOffset now) => new(
        cell,
        answer.LastBatch is { } last ? (now - last).TotalMilliseconds : null,
        answer.Totals.Take(Limits.PageRowsMax).Select(LedgerRowView.Of),
        Math.Max(0, answer.Totals.Count - Limits.PageRowsMax),
        LedgerRowView.Of(new LedgerTotal(
            default,
            answer.Totals.Count == 0 ? 0 : answer.Totals.Min(t => t.RevisionMin),
            answer.Totals.Count == 0 ? 0 : answer.Totals.Max(t => t.RevisionMax),
            LedgerQueries.Total(answer))));
}

/// <summary>One group. Columns that were not asked for are left out.</summary>
/// <param name="EnergySource"><c>measured</c>, <c>declared</c> or <c>mixed</c>; null without energy.</param>
/// <param name="PriceRevisionMin">The oldest policy revision by whose prices something was booked.</param>
internal sealed record LedgerRowView(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Hour,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Zone,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Model,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Version,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Variant,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Tenant,
    long Requests,
    long Failed,
    long Runs,
    double ComputeMs,
    long LinkBytes,
    double IdleMibHours,
    double EnergyJoule,
    string? EnergySource,
    double MoneyMicrousd,
    double AboveMicrousd,
    double AvoidedMicrousd,
    long PriceRevisionMin,
    long PriceRevisionMax)
{
    public static LedgerRowView Of(LedgerTotal total)
    {
        var (group, figures) = (total.Group, total.Figures);
        return new LedgerRowView(
            group.Hour, group.Zone?.WireName(), group.Model, group.Version, group.Variant, group.Tenant,
            figures.Requests, figures.Failed, figures.Runs, figures.ComputeMs, figures.LinkBytes, figures.IdleMibHours,
            figures.EnergyJoules, SourceOf(figures), Microusd(figures.MoneyPicousd), Microusd(figures.AbovePicousd), Microusd(figures.AvoidedPicousd),
            total.RevisionMin, total.RevisionMax);
    }

    private static string? SourceOf(in LedgerFigures figures) => figures switch
    {
        { MeasuredMicrojoules: > 0, DeclaredMicrojoules: > 0 } => "mixed",
        { MeasuredMicrojoules: > 0 } => "measured",
        { DeclaredMicrojoules: > 0 } => "declared",
        _ => null,
    };

    private static double Microusd(long picousd) => picousd / (double)LedgerPrices.PicousdPerMicrousd;
}
