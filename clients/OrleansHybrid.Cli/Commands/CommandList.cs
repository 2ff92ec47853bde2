using System.CommandLine;

namespace OrleansHybrid.Cli.Commands;

/// <summary>The table of contents: one line for each command, one file for each line.</summary>
internal static class CommandList
{
    public static RootCommand Root() => new("Makes publisher keys, signs and verifies model versions, and runs a node.")
    {
        SharedOptions.Output,
        Group("keys", "Keys of publishers.", KeysMakeCommand.Create()),
        SignCommand.Create(),
        VerifyCommand.Create(),
        Group("node", "This box as a node of a cell.", NodeJoinCommand.Create(), NodeRunCommand.Create()),
    };

    private static Command Group(string name, string description, params ReadOnlySpan<Command> commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands) group.Add(command);
        return group;
    }
}
