namespace OrleansHybrid.Domain.Routing.Fit;

public enum FitMark
{
    Unknown,
    Yes,

    /// <summary>One is enough to remove the zone.</summary>
    No,
}

/// <summary>One zone's answer to one question.</summary>
/// <param name="Number">What was found; null where the question has no number or it is not known.</param>
/// <param name="Threshold">What <paramref name="Number"/> is held against.</param>
/// <param name="Source">Where the number, or the fact in <paramref name="Why"/>, came from.</param>
/// <param name="Why">In a few words where the number does not say it all.</param>
/// <param name="Rule">The planner's rule that gave the verdict, or empty.</param>
public sealed record FitCell(FitMark Mark, double? Number = null, double? Threshold = null, FigureSource Source = FigureSource.None, string Why = "", string Rule = "");

/// <summary>One question and its answers.</summary>
/// <param name="Id">A word, the same in the answers' keys and the planner's rules where they have one.</param>
/// <param name="Unit">Of numbers and thresholds.</param>
/// <param name="AtLeast">The threshold is a floor, not a cap.</param>
/// <param name="ByPlanner">Each cell is the planner's own verdict.</param>
public sealed record FitRow(string Id, string Question, string Unit, FitCell Device, FitCell Edge, FitCell Cloud, bool ByPlanner = false, bool AtLeast = false)
{
    public FitCell this[Zone zone] => zone switch { Zone.Device => Device, Zone.Edge => Edge, _ => Cloud };
}

/// <summary>A row per question, a column per zone.</summary>
public sealed record FitMatrix(IReadOnlyList<FitRow> Rows)
{
    /// <summary>The rows that remove the zone, in the order of the questions.</summary>
    public IEnumerable<FitRow> Against(Zone zone) => Rows.Where(r => r[zone].Mark == FitMark.No);

    public bool Keeps(Zone zone) => !Against(zone).Any();

    /// <summary>Questions that are open for the zone.</summary>
    public IEnumerable<FitRow> Open(Zone zone) => Rows.Where(r => r[zone].Mark == FitMark.Unknown);

    public FitRow Row(string id) => Rows.First(r => r.Id == id);
}
