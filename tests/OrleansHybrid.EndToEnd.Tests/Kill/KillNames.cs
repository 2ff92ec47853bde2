using OrleansHybrid.Links.Bundles.Store;

namespace OrleansHybrid.EndToEnd.Tests.Kill;

/// <summary>Which failpoint is whose: a cell and an agent die on the two sides of every write that both make, and on both sides of one that is theirs alone.</summary>
public static class KillNames
{
    /// <summary>Steps that an agent never takes: nobody pushes to it.</summary>
    public static bool IsCellsAlone(string step) => step.StartsWith("push.", StringComparison.Ordinal);

    /// <summary>Steps that an authority never takes: it keeps the statement of everything it published, for those who ask.</summary>
    public static bool IsAgentsAlone(string step) => step is "collect.receipt" or "collect.statement";

    /// <summary>One row for each death, or two at once: at the cell, at the agent; empty: it lives on.</summary>
    public static IReadOnlyList<(string Cell, string Agent)> Rows { get; } = [.. FailpointNames.Steps.SelectMany(RowsOf)];

    public static string StepOf(string failpoint) => failpoint[..failpoint.LastIndexOf('.')];

    private static (string Cell, string Agent)[] RowsOf(FailStep step)
    {
        if (IsCellsAlone(StepOf(step.Before))) return [(step.Before, ""), (step.After, "")];
        if (IsAgentsAlone(StepOf(step.Before))) return [("", step.Before), ("", step.After)];
        return [(step.Before, step.After)];
    }
}
