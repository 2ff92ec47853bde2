using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing.Fit;

namespace OrleansHybrid.Silo.Admin;

/// <summary>A worksheet in JSON, form <c>fit_version</c> 1.</summary>
/// <param name="Removed">By zone, the rows that say no.</param>
internal sealed record FitView(
    int FitVersion, string Feature, string Model, int Version, IEnumerable<FitRowView> Matrix, IReadOnlyDictionary<string, IEnumerable<string>> Removed,
    FitVerdictView Verdict, FitDraftView? Draft, IEnumerable<FitRunView> Measured, IEnumerable<FitCostView> Costs, FitNotes Notes)
{
    public static FitView Of(FitWorksheet sheet, string draftYaml) => new(
        1,
        sheet.Answers.Feature,
        sheet.Manifest.Model,
        sheet.Manifest.Version,
        sheet.Matrix.Rows.Select(FitRowView.Of),
        Enum.GetValues<Zone>().Where(z => !sheet.Matrix.Keeps(z)).ToDictionary(z => z.WireName(), z => sheet.Matrix.Against(z).Select(r => r.Id)),
        FitVerdictView.Of(sheet.Verdict),
        sheet.Draft is { } draft ? new FitDraftView(draft.Policy.Revision, draft.Zones.Select(z => z.WireName()), draftYaml) : null,
        sheet.Figures.Runs.Select(r => new FitRunView(r.Key, sheet.Figures.Here.WireName(), r.Value.MsP50, r.Value.MsP95, r.Value.Samples, r.Value.Live, r.Value.ColdStartMs)),
        sheet.Costs.Select(FitCostView.Of),
        FitNotes.Of(sheet));
}

/// <param name="ByPlanner">The cells are the planner's own verdicts.</param>
/// <param name="Holds"><c>at_most</c> or <c>at_least</c>: how a number stands to its threshold when the answer is yes.</param>
internal sealed record FitRowView(string Row, string Question, string Unit, bool ByPlanner, string Holds, IReadOnlyDictionary<string, FitCellView> Cells)
{
    public static FitRowView Of(FitRow row) => new(
        row.Id, row.Question, row.Unit, row.ByPlanner, row.AtLeast ? "at_least" : "at_most", Enum.GetValues<Zone>().ToDictionary(z => z.WireName(), z => FitCellView.Of(row[z])));
}

/// <param name="Answer"><c>yes</c>, <c>no</c> or <c>unknown</c>.</param>
/// <param name="Source">Where the number came from; empty for none.</param>
/// <param name="Rule">The planner's rule behind a no.</param>
internal sealed record FitCellView(string Answer, double? Number, double? Threshold, string Source, string Why, string Rule)
{
    public static FitCellView Of(FitCell cell) => new(cell.Mark.ToString().ToLowerInvariant(), cell.Number, cell.Threshold, cell.Source.Text(), cell.Why, cell.Rule);
}

internal sealed record FitVerdictView(
    string Placement, string? First, string? EntersIn, IEnumerable<string> Escalation, IEnumerable<string> Fallback, IReadOnlyList<string> Reasons,
    string FallbackPath, FitMetric FirstMetric, string UpdateRisk, IReadOnlyList<string> Open)
{
    public static FitVerdictView Of(FitVerdict v) => new(
        v.Placement, v.First?.WireName(), v.EntersIn?.WireName(), v.Escalation.Select(z => z.WireName()), v.Fallback.Select(z => z.WireName()), v.Reasons,
        v.FallbackPath, v.FirstMetric, v.UpdateRisk, v.Open);
}

/// <param name="Yaml">Applies as it is: <c>POST /v1/policies</c>.</param>
internal sealed record FitDraftView(long Revision, IEnumerable<string> Zones, string Yaml);

/// <param name="Live">From requests of the last minute, not from runs on made-up input.</param>
internal sealed record FitRunView(string Variant, string Zone, double MsP50, double MsP95, int Samples, bool Live, double ColdStartMs);

/// <summary>Micro-USD; null where a price or a figure is missing.</summary>
internal sealed record FitCostView(
    string Zone, double? PerThousandMicrousd, double? PerMonthMicrousd, double? ComputePerMonthMicrousd, double? WanPerMonthMicrousd, double? IdlePerMonthMicrousd, string Biggest, string Missing)
{
    public static FitCostView Of(FitZoneCost c) => new(c.Zone.WireName(), c.PerThousand, c.PerMonth, c.ComputePerMonth, c.WanPerMonth, c.IdlePerMonth, c.Biggest, c.Missing);
}

/// <summary>Answers that could not be read: everything at once.</summary>
internal sealed record FitProblem(string Error, IEnumerable<FitErrorView> Errors)
{
    public static FitProblem Of(IReadOnlyList<ManifestError> errors, IReadOnlyList<string> lines) =>
        new(string.Join('\n', lines), errors.Select(e => new FitErrorView(e.Path, e.Expected, e.Came, e.Remedy, e.Line, e.Column)));
}

/// <param name="Place">The key path.</param>
/// <param name="Line">Of YAML; 0 where it is not known.</param>
internal sealed record FitErrorView(string Place, string Expected, string Came, string Remedy, int Line, int Column);
