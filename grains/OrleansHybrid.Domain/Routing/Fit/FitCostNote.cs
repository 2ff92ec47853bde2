namespace OrleansHybrid.Domain.Routing.Fit;

/// <summary>For whoever pays: each zone's price for 1,000 requests and for a month, the largest part, and what would change it.</summary>
internal static class FitCostNote
{
    public static string Write(FitWorksheet sheet)
    {
        var answers = sheet.Answers;
        var volume = answers.RequestsPerDay is { } day ? $"{FitText.Number(day)} requests a day, 30 days" : "volume not answered";
        var lines = new List<string>
        {
            $"# Cost note: {answers.Feature}",
            "",
            $"At {volume}; {(answers.InputBytes is { } bytes ? FitText.Number(bytes) + " bytes each" : "input bytes not answered")}. Prices of policy revision {sheet.PolicyRevision}. Compute is priced at the p95 that the planner predicts.",
            "",
            "| zone | 1,000 requests | compute / month | WAN / month | idle memory / month | month |",
            "|---|---|---|---|---|---|",
        };
        lines.AddRange(sheet.Costs.Select(c => Row(sheet, c)));
        lines.Add("");
        lines.AddRange(Biggest(sheet));
        return string.Join('\n', lines) + "\n";
    }

    private static string Row(FitWorksheet sheet, FitZoneCost cost)
    {
        var name = cost.Zone == sheet.Verdict.First ? $"**{cost.Zone.WireName()}**" : cost.Zone.WireName();
        var removed = sheet.Matrix.Keeps(cost.Zone) ? "" : " (removed)";
        var missing = cost.PerMonth is null && cost.Missing.Length > 0 ? $" ({cost.Missing})" : "";
        return $"| {name}{removed} | {Usd(cost.PerThousand)}{missing} | {Usd(cost.ComputePerMonth)} | {Usd(cost.WanPerMonth)} | {Usd(cost.IdlePerMonth)}{Hosts(cost)} | {Usd(cost.PerMonth)} |";
    }

    private static IEnumerable<string> Biggest(FitWorksheet sheet)
    {
        if (sheet.Costs.FirstOrDefault(c => c.Zone == sheet.Verdict.First) is not { Biggest.Length: > 0 } first)
        {
            yield return sheet.Costs.Any(c => c.Zone == sheet.Verdict.First && c.PerMonth == 0)
                ? "The policy prices nothing of it: whoever owns the device pays, in charge and memory (rows energy and warm_state)."
                : "The largest part is not known yet: answer or measure what is missing above.";
            yield break;
        }

        var change = first.Biggest switch
        {
            "compute" => "a smaller or quantised variant, or batching; then a cheaper zone",
            "WAN" => "answering lower, or smaller inputs (features instead of raw data)",
            _ => "loading it on fewer hosts, or unloading it when idle where a cold start is acceptable",
        };
        yield return $"**The largest part in {first.Zone.WireName()} is {first.Biggest}.** What would change it: {change}.";
        if (sheet.Verdict.Escalation.Count > 0) yield return $"Each share of answers that is escalated costs the price of {FitText.List(sheet.Verdict.Escalation.Select(z => z.WireName()))} on top: watch `hybrid_escalated_total`.";
    }

    private static string Hosts(FitZoneCost cost) => cost.IdlePerMonth is null ? "" : cost.Hosts == 1 ? " (one host)" : $" ({FitText.Number(cost.Hosts)} hosts)";

    private static string Usd(double? microusd) => microusd is { } known ? FitText.Usd(known) : "unknown";
}
