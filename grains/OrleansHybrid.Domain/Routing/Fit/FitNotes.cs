namespace OrleansHybrid.Domain.Routing.Fit;

/// <summary>The three one-pagers of a worksheet, in Markdown: what whoever is on call, pays, or goes back needs, and no more.</summary>
public sealed record FitNotes(string Runbook, string Cost, string Rollback)
{
    public static FitNotes Of(FitWorksheet sheet) => new(FitRunbook.Write(sheet), FitCostNote.Write(sheet), FitRollbackNote.Write(sheet));

    /// <summary>The words people gave for the zones that answer; what they left out is said to be open.</summary>
    internal static string Who(FitWorksheet sheet, IReadOnlyDictionary<Zone, string> by) => sheet.Draft is null
        ? "nobody, since nothing runs"
        : string.Join(", ", sheet.Draft.Zones.Select(z => $"{z.WireName()}: {(by.TryGetValue(z, out var who) ? who : "not answered")}"));
}
