using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace OrleansHybrid.Cli.Terminal;

/// <summary>The usual help, then lines that can be pasted.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var examples = ExamplesOf(parseResult.CommandResult.Command).ToList();
        output.WriteLine(examples.Count == 1 ? "Example:" : "Examples:");
        foreach (var example in examples) output.WriteLine($"  {example}");
        output.WriteLine();
        return ExitCodes.Ok;
    }

    /// <summary>A group has the first example of each of its commands.</summary>
    private static IEnumerable<string> ExamplesOf(Command command) =>
        command is HybridCommand own ? own.Examples : command.Subcommands.SelectMany(c => ExamplesOf(c).Take(1));
}
