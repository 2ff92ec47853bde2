using Spectre.Console;

namespace OrleansHybrid.Cli.Terminal;

/// <summary>Standard error as a terminal: prompts, progress and refusals go there, so that standard output holds the answer alone.</summary>
internal static class ErrorConsole
{
    public static IAnsiConsole Instance { get; } = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
}
