namespace OrleansHybrid.Domain.Routing.Fit;

/// <summary>The whole worksheet as one Markdown document.</summary>
public static class FitMarkdown
{
    /// <param name="draftYaml">The draft policy's text; empty when no zone is left.</param>
    public static string Write(FitWorksheet sheet, string draftYaml)
    {
        var (answers, verdict) = (sheet.Answers, sheet.Verdict);
        var lines = new List<string>
        {
            $"# Where {answers.Feature} runs: {verdict.Placement}",
            "",
            $"Model `{sheet.Manifest.Model}` version {sheet.Manifest.Version}, owner {answers.Owner}.",
            "",
        };
        lines.AddRange(verdict.Reasons.Select(r => $"- {r}"));
        lines.Add("");
        lines.Add($"**Fallback.** {verdict.FallbackPath}");
        lines.Add("");
        lines.Add($"**First metric.** `{verdict.FirstMetric.Name}`: {verdict.FirstMetric.Meaning}");
        lines.Add("");
        lines.Add($"**Update risk.** {verdict.UpdateRisk}");
        lines.Add("");
        lines.Add(verdict.Open.Count == 0 ? "**Open questions.** None." : $"**Open questions.** {string.Join(", ", verdict.Open)}.");
        lines.AddRange(["", "## Fit matrix", "", .. FitTable.Lines(sheet.Matrix), "", FitTable.Legend]);
        lines.AddRange(["", "## Policy draft", ""]);
        lines.AddRange(draftYaml.Length == 0 ? ["None: no zone is left."] : ["```yaml", draftYaml.TrimEnd('\n'), "```"]);
        var notes = FitNotes.Of(sheet);
        foreach (var note in new[] { notes.Runbook, notes.Cost, notes.Rollback }) lines.AddRange(["", "#" + note.TrimEnd('\n')]);
        return string.Join('\n', lines) + "\n";
    }
}
