using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing.Fit;

/// <summary>For whoever is on call: what runs where, what to watch, the three failures to have practised, and what gives way first.</summary>
internal static class FitRunbook
{
    private const string Cut = "`POST /v1/links/<cell above>:cut`, then `:heal`";

    public static string Write(FitWorksheet sheet)
    {
        var (answers, verdict) = (sheet.Answers, sheet.Verdict);
        var lines = new List<string>
        {
            $"# Runbook: {answers.Feature}",
            "",
            $"Owner: {answers.Owner}. Model `{sheet.Manifest.Model}` version {sheet.Manifest.Version}. Placement: **{verdict.Placement}**{Entry(verdict)}.",
            $"Target: {answers.LatencyTargetMs} ms at p95. Raw data goes no higher than: {PrivacyCeilings.AllNames[(int)answers.Ceiling]}.",
            "",
            $"**Watch first.** `{verdict.FirstMetric.Name}`: {verdict.FirstMetric.Meaning}",
            "",
            "```",
            verdict.FirstMetric.Query,
            "```",
            "",
            $"**When the first zone cannot answer.** {verdict.FallbackPath}",
            "",
            "| failure | how it shows | what to do | drill |",
            "|---|---|---|---|",
        };
        lines.AddRange(Failures(sheet));
        lines.Add("");
        lines.Add($"**Gives way first:** {Shed(sheet)}. **Never gives way:** the privacy ceiling, authentication, the audit trail.");
        lines.Add("");
        lines.Add($"Patched by {FitNotes.Who(sheet, answers.Runs.PatchedBy)}. Debugged by {FitNotes.Who(sheet, answers.Runs.DebuggedBy)}.");
        return string.Join('\n', lines) + "\n";
    }

    private static string Entry(FitVerdict verdict) => verdict.EntersIn is { } zone ? $", requests enter in {zone.WireName()}" : "";

    private static IEnumerable<string> Failures(FitWorksheet sheet)
    {
        var verdict = sheet.Verdict;
        var model = sheet.Manifest.Model;
        yield return LinkOrHost(sheet);
        var faster = verdict.First == Zone.Device ? "a smaller variant, or fewer requests at once" : "add hosts, or let it shed";
        yield return $"| too slow | `hybrid_gateway_request_duration_seconds` p95 over {sheet.Answers.LatencyTargetMs} ms | {faster} | a load test at the expected peak |";
        yield return $"| a version is worse | `{verdict.FirstMetric.Name}` doubles | the rollback note | load the version before of `{model}`, time it |";
    }

    /// <summary>The link that the first zone is reached by; else the one to the zones above; else there is no link to lose.</summary>
    private static string LinkOrHost(FitWorksheet sheet)
    {
        var verdict = sheet.Verdict;
        if (verdict.First is not { } first) return "| nothing runs | | | |";
        if (first > sheet.Answers.ArrivesIn)
        {
            var remedy = verdict.Fallback.Any(z => z < first) ? $"nothing: {verdict.Fallback.First(z => z < first).WireName()} answers" : "tell the users: nothing below may answer";
            var drill = sheet.Answers.ArrivesIn == Zone.Device ? "take a device off the network" : Cut;
            return $"| no link to {first.WireName()} | `hybrid_degraded_total`, callers' timeouts | {remedy} | {drill} |";
        }

        return verdict.Fallback.Count > 0 || verdict.Escalation.Count > 0
            ? $"| no link up | `GET /v1/links`, `hybrid_degraded_total` | nothing: {first.WireName()} answers alone | {Cut} |"
            : "| the host is down | no requests in `hybrid_requests_total` | restart it; no other zone may answer | stop it in a quiet hour |";
    }

    private static string Shed(FitWorksheet sheet)
    {
        var shed = sheet.Draft?.Policy.Shed ?? [];
        return shed.Count > 0 ? string.Join(", ", shed) + " (the policy's `shed`)" : sheet.Verdict.Escalation.Count > 0 ? "escalation: hard inputs keep the lower zone's answer" : "nothing is listed in the policy's `shed`";
    }
}
