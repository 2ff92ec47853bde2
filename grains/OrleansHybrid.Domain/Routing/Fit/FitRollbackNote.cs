namespace OrleansHybrid.Domain.Routing.Fit;

/// <summary>For whoever goes back: the rule, the version, how to see that it worked, and what does not come back.</summary>
internal static class FitRollbackNote
{
    public static string Write(FitWorksheet sheet)
    {
        var model = sheet.Manifest.Model;
        var revision = sheet.Draft?.Policy.Revision ?? sheet.PolicyRevision + 1;
        var lines = new List<string>
        {
            $"# Rollback note: {sheet.Answers.Feature}",
            "",
            $"Decides: {sheet.Answers.Owner}. Go back when `{sheet.Verdict.FirstMetric.Name}` doubles, or p95 is over {sheet.Answers.LatencyTargetMs} ms for ten minutes.",
            "",
            $"1. **The rule.** Send the policy's text of revision {revision - 1} again with the revision {revision + 1}, by `POST /v1/policies`: first as a dry run, then for good. A lower revision is refused.",
            Version(sheet),
            $"3. **See that it worked.** `POST /v1/routes:explain` with `{{\"model\":\"{model}\"}}` names the zone and the rule; the metric is back where it was.",
            "",
            $"Time: {Times(sheet)}.",
            "",
            $"**Does not come back:** raw input that crossed a zone (`GET /v1/egress`), money spent, and answers that were given. {Late(sheet)}",
        };
        return string.Join('\n', lines).TrimEnd() + "\n";
    }

    private static string Version(FitWorksheet sheet) => sheet.Manifest.Version > 1
        ? $"2. **The version.** In the model's folder pin the version before: `config.yaml` with `version_policy: {{ specific: {{ versions: [{sheet.Manifest.Version - 1}] }} }}`, then `POST /v2/repository/models/{sheet.Manifest.Model}/load` in each cell."
        : $"2. **The version.** There is none before version 1: `POST /v2/repository/models/{sheet.Manifest.Model}/unload` takes the feature out, and callers are told that the model is not ready.";

    private static string Times(FitWorksheet sheet)
    {
        var minutes = sheet.Answers.Runs.RollbackMinutes;
        var zones = sheet.Draft?.Zones ?? [];
        return zones.Count == 0 ? "none, since nothing runs" : string.Join(", ", zones.Select(z => $"{z.WireName()} {(minutes.TryGetValue(z, out var m) ? FitText.Number(m) + " minutes" : "not answered")}"));
    }

    private static string Late(FitWorksheet sheet) => sheet.Draft?.Zones.Contains(Zone.Device) == true
        ? "Devices that are offline go back when they are seen again: count them before you call it done."
        : "";
}
