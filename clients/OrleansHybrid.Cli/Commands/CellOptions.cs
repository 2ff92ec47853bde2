using System.CommandLine;
using OrleansHybrid.Cli.Cells;

namespace OrleansHybrid.Cli.Commands;

/// <summary>Options of every command that calls a cell.</summary>
internal static class CellOptions
{
    public static Option<string> Cell() => new("--cell") { Description = "REST address of the cell.", DefaultValueFactory = _ => CellClient.DefaultCell, HelpName = "URL" };

    public static Option<string?> OperatorKey() => new("--operator-key")
    {
        Description = "File with an operator's key. Without it: HYBRID_KEY, else .hybrid/central/operator.key when it is there.",
        HelpName = "FILE",
    };
}
