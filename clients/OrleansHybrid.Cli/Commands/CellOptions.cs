using System.CommandLine;
using OrleansHybrid.Cli.Cells;
using OrleansHybrid.Cli.Terminal;

namespace OrleansHybrid.Cli.Commands;

/// <summary>Options of every command that calls a cell.</summary>
internal static class CellOptions
{
    /// <summary>Adds them to a command; what is returned opens the client that they name.</summary>
    public static Func<ParseResult, (CellClient? Cell, CommandOutcome? Problem)> AddTo(Command command)
    {
        var (cell, operatorKey, tls) = (Cell(), OperatorKey(), new TlsOptions());
        foreach (var option in new Option[] { cell, operatorKey, tls.Ca, tls.Certificate, tls.Key }) command.Options.Add(option);
        return input => (CellClient.Create(input.GetValue(cell)!, input.GetValue(operatorKey), tls.Read(input), out var problem), problem);
    }

    private static Option<string> Cell() => new("--cell") { Description = "REST address of the cell.", DefaultValueFactory = _ => CellClient.DefaultCell, HelpName = "URL" };

    private static Option<string?> OperatorKey() => new("--operator-key")
    {
        Description = "File with an operator's key. Without it: HYBRID_KEY, else .hybrid/central/operator.key when it is there.",
        HelpName = "FILE",
    };
}
