using System.CommandLine;

namespace OrleansHybrid.Cli.Commands;

/// <summary>The table of contents: one line for each command, one file for each line.</summary>
internal static class CommandList
{
    public static RootCommand Root() => new("Makes publisher keys, signs, verifies and publishes model versions, runs a node, and tells what runs where.")
    {
        SharedOptions.Output,
        Group("keys", "Keys of publishers.", KeysMakeCommand.Create(), KeysEndorseCommand.Create()),
        SignCommand.Create(),
        VerifyCommand.Create(),
        PushCommand.Create(),
        ListCommands.Nodes(),
        ListCommands.Models(),
        ListCommands.Audit(),
        Group("node", "This box as a node of a cell.", NodeJoinCommand.Create(), NodeRunCommand.Create()),
    };

    private static Command Group(string name, string description, params ReadOnlySpan<Command> commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands) group.Add(command);
        return group;
    }
}
