using Spectre.Console;

namespace OrleansHybrid.Cli.Terminal;

/// <summary>For people: labels and values on standard output, refusals on standard error. Wrapped to the width of a terminal; whole lines when it is none.</summary>
internal static class TableOutput
{
    /// <summary>With the space behind it: a digest has 71 characters, a terminal 80 columns.</summary>
    private const int LabelChars = 9;

    public static void Print(CommandOutcome outcome)
    {
        if (outcome.ExitCode != ExitCodes.Ok) PrintRefusal(outcome);
        else if (outcome.Table is { } table) PrintTable(table);
        else PrintFacts(outcome.Facts);
    }

    private static void PrintTable(CellTable table)
    {
        foreach (var line in table.Lines()) Console.Out.WriteLine(line);
    }

    private static void PrintFacts(IReadOnlyList<Fact> facts)
    {
        if (Console.IsOutputRedirected)
        {
            foreach (var fact in facts) Console.Out.WriteLine($"{fact.Label.PadRight(LabelChars)}{Text(fact)}");
            return;
        }

        var grid = new Grid().AddColumn(new GridColumn().NoWrap().Width(LabelChars).Padding(0, 0, 0, 0)).AddColumn(new GridColumn().Padding(0, 0, 0, 0));
        foreach (var fact in facts) grid.AddRow(new Text(fact.Label, new Style(Color.Grey)), new Text(Text(fact)));
        AnsiConsole.Write(grid);
    }

    private static void PrintRefusal(CommandOutcome outcome)
    {
        var head = outcome.ExitCode == ExitCodes.Usage ? "error" : $"refused ({outcome.Reason})";
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine($"{head}: {outcome.Message}");
            return;
        }

        ErrorConsole.Instance.Write(new Paragraph().Append(head + ": ", new Style(Color.Red)).Append(outcome.Message));
        ErrorConsole.Instance.WriteLine();
    }

    private static string Text(Fact fact) => Convert.ToString(fact.Value, System.Globalization.CultureInfo.InvariantCulture)!;
}
