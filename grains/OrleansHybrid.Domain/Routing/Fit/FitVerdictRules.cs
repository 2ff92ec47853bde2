using System.Globalization;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Routing.Fit;

/// <summary>Reads the verdict off the plan that the router makes under the draft. Pure.</summary>
internal static class FitVerdictRules
{
    public static FitVerdict Of(FitAnswers answers, FitMatrix matrix, FitTrial trial, ModelManifest manifest, FitPolicyDraft? draft)
    {
        var removed = Enum.GetValues<Zone>().Where(z => !matrix.Keeps(z)).Select(z => Removed(matrix, z)).ToList();
        if (draft is null) return Nowhere(matrix, manifest, removed);
        var plan = trial.Decide(draft.EntersIn, PolicyCompiler.Compile(draft.Policy).Policy!);
        var first = plan.Attempt(0).Candidate.Zone;
        var escalation = Zones(plan, AttemptWhen.Unsure, first);
        var fallback = Zones(plan, AttemptWhen.Failed, first);
        return new FitVerdict(
            escalation.Count > 0 ? FitVerdict.Hybrid : first.WireName(),
            first,
            draft.EntersIn,
            escalation,
            fallback,
            [.. removed, First(answers, draft, first, escalation, manifest)],
            Fallback(answers, first, fallback),
            FitWatch.Metric(manifest, first),
            FitWatch.UpdateRisk(trial.Host, manifest, draft.Zones),
            Open(matrix, draft.Zones));
    }

    private static FitVerdict Nowhere(FitMatrix matrix, ModelManifest manifest, IReadOnlyList<string> removed)
    {
        Zone[] all = [Zone.Device, Zone.Edge, Zone.Cloud];
        var nearest = all.MinBy(z => matrix.Against(z).Count());
        var last = matrix.Keeps(nearest)
            ? $"{nearest.WireName()} is left, but no policy that holds to it can be drafted on the one in force: correct that first."
            : $"No zone is left. {nearest.WireName()} is nearest: change {FitText.List(matrix.Against(nearest).Select(r => r.Id))}, or the feature.";
        return new FitVerdict(FitVerdict.None, null, null, [], [], [.. removed, last], "There is none: nothing answers.", FitWatch.Metric(manifest, Zone.Edge), "None while nothing runs.", Open(matrix, all));
    }

    private static List<Zone> Zones(RoutePlan plan, AttemptWhen when, Zone first)
    {
        var zones = new List<Zone>();
        for (var i = 0; i < plan.AttemptCount; i++)
        {
            var attempt = plan.Attempt(i);
            if (attempt.When == when && attempt.Candidate.Zone != first && !zones.Contains(attempt.Candidate.Zone)) zones.Add(attempt.Candidate.Zone);
        }

        return zones;
    }

    /// <summary>One sentence a zone: each row that says no, with its number, threshold and source.</summary>
    private static string Removed(FitMatrix matrix, Zone zone) =>
        $"{zone.WireName()} is out by {string.Join("; by ", matrix.Against(zone).Select(r => $"{r.Id} ({string.Join(", ", Parts(r, r[zone]))})"))}.";

    private static IEnumerable<string> Parts(FitRow row, FitCell cell)
    {
        if (cell is { Number: { } number, Threshold: { } threshold }) yield return $"{FitText.Bare(number, row.Unit)} against {(row.AtLeast ? "at least" : "at most")} {FitText.WithUnit(threshold, row.Unit)}";
        if (cell.Why.Length > 0) yield return cell.Why;
        if (cell.Source != FigureSource.None) yield return cell.Source.Text();
    }

    private static string First(FitAnswers answers, FitPolicyDraft draft, Zone first, IReadOnlyList<Zone> escalation, ModelManifest manifest)
    {
        if (draft.Zones.Count == 1) return $"{first.WireName()} is what is left.";
        var why = answers.Sacred switch
        {
            SacredPriority.Latency => "latency is sacred, and its predicted p95 is the smallest",
            SacredPriority.Cost => "cost is sacred, and its predicted cost is the smallest",
            SacredPriority.Control => "control is sacred, and it is the lowest zone left",
            SacredPriority.Delivery => "delivery is sacred, and nothing has to be distributed",
            _ => "it is the lowest zone left",
        };
        var hard = escalation.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" Answers under the floor {manifest.Confidence?.Floor} are asked again in {FitText.List(escalation.Select(z => z.WireName()))}.");
        return $"{first.WireName()} answers first: {why}.{hard}";
    }

    private static string Fallback(FitAnswers answers, Zone first, IReadOnlyList<Zone> fallback)
    {
        if (fallback.Count > 0) return $"{string.Join(" → ", fallback.Prepend(first).Select(z => z.WireName()))}: the next one answers when the one before cannot, marked degraded.";
        var alone = first == answers.ArrivesIn
            ? "it needs no link, so it works while the host does."
            : "without the link the app must do without an answer: say so to the user.";
        return $"{first.WireName()} alone: {alone}";
    }

    private static List<string> Open(FitMatrix matrix, IReadOnlyList<Zone> zones) =>
        [.. matrix.Rows.Select(r => (r.Id, Zones: zones.Where(z => r[z].Mark == FitMark.Unknown).Select(z => z.WireName()).ToArray())).Where(r => r.Zones.Length > 0).Select(r => $"{r.Id} ({string.Join(", ", r.Zones)})")];
}
