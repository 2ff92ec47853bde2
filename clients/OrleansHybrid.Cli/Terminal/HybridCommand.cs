using System.CommandLine;

namespace OrleansHybrid.Cli.Terminal;

/// <summary>A command with examples in its help and an outcome in place of prints.</summary>
internal sealed class HybridCommand : Command
{
    /// <param name="examples">Whole lines that can be pasted.</param>
    public HybridCommand(string name, string description, IReadOnlyList<string> examples, Func<ParseResult, CancellationToken, Task<CommandOutcome>> run)
        : base(name, description)
    {
        Examples = examples;
        SetAction((input, cancellationToken) => CommandRunner.RunOneAsync(input, run, cancellationToken));
    }

    public IReadOnlyList<string> Examples { get; }
}
