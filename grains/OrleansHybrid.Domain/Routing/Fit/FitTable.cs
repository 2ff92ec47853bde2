namespace OrleansHybrid.Domain.Routing.Fit;

/// <summary>The matrix as a Markdown table: a row per question, a column per zone.</summary>
public static class FitTable
{
    /// <summary>What the letters behind a number mean.</summary>
    public const string Legend =
        "A cell is an answer, the number, the threshold and where the number came from: m measured here, d declared in the manifest, a answered, p policy price. "
        + "A name in `code` is the planner's own verdict. One **no** removes the zone.";

    private static readonly (FigureSource Source, string Letter)[] Letters =
        [(FigureSource.Measured, "m"), (FigureSource.Declared, "d"), (FigureSource.Answered, "a"), (FigureSource.Price, "p")];

    public static IEnumerable<string> Lines(FitMatrix matrix)
    {
        yield return "| | question | device | edge | cloud |";
        yield return "|---|---|---|---|---|";
        foreach (var row in matrix.Rows)
        {
            var id = row.ByPlanner ? $"`{row.Id}`" : row.Id;
            yield return $"| {id} | {row.Question}{Unit(row.Unit)} | {Cell(row, row.Device)} | {Cell(row, row.Edge)} | {Cell(row, row.Cloud)} |";
        }
    }

    private static string Unit(string unit) => unit.Length == 0 ? "" : FitText.ShareOf(unit).Length > 0 ? $" (% {unit})" : $" ({unit})";

    private static string Cell(FitRow row, FitCell cell)
    {
        var mark = cell.Mark switch { FitMark.Yes => "yes", FitMark.No => "**no**", _ => "unknown" };
        string[] parts = [mark, Numbers(row, cell), Escape(cell.Why), Letter(cell.Source)];
        return string.Join(" ", parts.Where(p => p.Length > 0));
    }

    private static string Numbers(FitRow row, FitCell cell)
    {
        var (holds, breaks) = row.AtLeast ? ("≥", "<") : ("≤", ">");
        var sign = cell.Mark == FitMark.No ? breaks : holds;
        return (cell.Number, cell.Threshold) switch
        {
            ({ } number, { } threshold) => $"{Plain(row, number)} {(cell.Mark == FitMark.Unknown && row.Id == "cost" ? holds : sign)} {Plain(row, threshold)}",
            ({ } number, null) => Plain(row, number),
            (null, { } threshold) => $"{holds} {Plain(row, threshold)}",
            _ => "",
        };
    }

    private static string Plain(FitRow row, double value) => FitText.Number(FitText.ShareOf(row.Unit).Length > 0 ? value * 100 : value);

    private static string Letter(FigureSource source)
    {
        var letters = Letters.Where(l => source.HasFlag(l.Source)).Select(l => l.Letter).ToArray();
        return letters.Length == 0 ? "" : $"({string.Join(", ", letters)})";
    }

    /// <summary>People's own words must not end the cell.</summary>
    private static string Escape(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace('\n', ' ');
}
