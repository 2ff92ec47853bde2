namespace OrleansHybrid.Domain.Nodes;

/// <summary>What a report may hold: it comes from outside and stays in memory and in the store. Pure.</summary>
public static class NodeReportRules
{
    /// <summary>The first thing that is wrong with it, with what was expected; null: nothing.</summary>
    public static string? WrongWith(NodeReport report)
    {
        if (report.Versions.Count > Limits.NodeVersionsMax) return $"The report has {report.Versions.Count} versions; at most {Limits.NodeVersionsMax} are taken.";
        if (report.Variants.Count > Limits.NodeVariantsMax) return $"The report has {report.Variants.Count} variants; at most {Limits.NodeVariantsMax} are taken.";
        if (report.Problems.Count > Limits.NodeProblemsMax) return $"The report has {report.Problems.Count} problems; at most {Limits.NodeProblemsMax} are taken.";
        if (report.Versions.Any(v => v.Version < 1 || IsLong(v.Model, v.Variant, v.Bundle) || v.Reason.Length > Limits.NodeTextCharsMax)) return "A version of the report has a number below 1, or a text that is too long.";
        if (report.Variants.Any(v => IsLong(v.Key.Model, v.Key.Variant, v.Digest))) return "A variant of the report has a name that is too long.";
        if (report.Problems.Any(p => p.Length > Limits.NodeTextCharsMax)) return $"A problem of the report is longer than {Limits.NodeTextCharsMax} characters.";
        if (report.RefusedDocuments.Count > Limits.NodeRefusedDocumentsMax) return $"The report has {report.RefusedDocuments.Count} refused documents; at most {Limits.NodeRefusedDocumentsMax} are taken.";
        if (report.RefusedDocuments.Any(d => IsLong(d.Document, d.Digest) || d.Reason.Length > Limits.NodeTextCharsMax)) return $"A refused document of the report has a name of more than {Limits.NameCharsMax} characters, or a reason of more than {Limits.NodeTextCharsMax}.";
        return IsLong(report.InferenceAddress) ? "The report's inference address is too long." : WrongWith(report.Attributes);
    }

    public static string? WrongLabels(IReadOnlyDictionary<string, string> labels)
    {
        if (labels.Count > Limits.NodeLabelsMax) return $"{labels.Count} labels came; at most {Limits.NodeLabelsMax} are taken.";
        var wrong = labels.FirstOrDefault(l => l.Key.Length is 0 or > Limits.NodeNameCharsMax || l.Value.Length > Limits.NodeTextCharsMax || (l.Key + l.Value).Any(c => char.IsControl(c) || c is '=' or ','));
        return wrong.Key is null ? null : $"A label has a name of 1 to {Limits.NodeNameCharsMax} characters and a value of at most {Limits.NodeTextCharsMax}, without '=', ',' and control characters.";
    }

    private static string? WrongWith(NodeAttributes? attributes)
    {
        if (attributes is null) return null;
        if (attributes.ExecutionProviders.Count > Limits.NodeProvidersMax) return $"The report has {attributes.ExecutionProviders.Count} execution providers; at most {Limits.NodeProvidersMax} are taken.";
        if (IsLong([attributes.RuntimeVersion, attributes.Software, attributes.Platform, attributes.Accelerator ?? "", .. attributes.ExecutionProviders])) return "An attribute of the report is too long.";
        return WrongLabels(attributes.Labels);
    }

    private static bool IsLong(params IEnumerable<string> texts) => texts.Any(t => t.Length > Limits.NameCharsMax);
}
