using System.CommandLine;
using System.CommandLine.Help;
using OrleansHybrid.Cli.Commands;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Cli.Terminal;

/// <summary>Parses a command line, runs its command and prints the outcome: the one place with exit codes and error output.</summary>
internal static class CommandRunner
{
    /// <summary>After a signal a command has this long to end by itself: an agent lets requests in flight finish.</summary>
    private static readonly TimeSpan StopMax = Limits.NodeStopMax + Limits.NodeStopMax;

    public static async Task<int> RunAsync(RootCommand root, string[] arguments)
    {
        foreach (var help in root.Options.OfType<HelpOption>()) help.Action = new HelpWithExamples((HelpAction)help.Action!);
        var input = root.Parse(arguments);
        var command = input.CommandResult.Command;
        if (input.Errors.Count == 0 || input.Action is HelpWithExamples) return await input.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = StopMax });
        if (command.Subcommands.Count > 0 && input.UnmatchedTokens.Count == 0) return ShowGroup(root, input);
        var path = PathOf(input);
        return Print(input, CommandOutcome.Usage($"{OneLine(input.Errors.Select(e => e.Message))} See: {path} --help"));
    }

    public static async Task<int> RunOneAsync(ParseResult input, Func<ParseResult, CancellationToken, Task<CommandOutcome>> run, CancellationToken cancellationToken)
    {
        try
        {
            return Print(input, await run(input, cancellationToken));
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
        {
            return Print(input, CommandOutcome.Refused("Unreadable", $"{trouble.Message} Check that the file is there and that you may read and write it."));
        }
    }

    /// <summary>A group alone, such as 'hybrid keys': its help, as something that was not understood.</summary>
    private static int ShowGroup(RootCommand root, ParseResult input)
    {
        root.Parse([.. PathOf(input).Split(' ').Skip(1), "--help"]).Invoke();
        return ExitCodes.Usage;
    }

    private static int Print(ParseResult input, CommandOutcome outcome)
    {
        if (WantsJson(input)) JsonOutput.Print(outcome);
        else TableOutput.Print(outcome);
        return outcome.ExitCode;
    }

    /// <summary>Also of a line that was not understood elsewhere: a script reads the reason in the form it asked for.</summary>
    private static bool WantsJson(ParseResult input) => input.GetResult(SharedOptions.Output) is { } output && output.Tokens is [{ Value: SharedOptions.Json }];

    /// <summary>The parser writes choices on lines of their own.</summary>
    private static string OneLine(IEnumerable<string> messages) => string.Join(' ', string.Join(' ', messages).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string PathOf(ParseResult input)
    {
        var names = new List<string>();
        for (var result = input.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult) names.Insert(0, result.Command is RootCommand ? "hybrid" : result.Command.Name);
        return string.Join(' ', names);
    }
}
