using System.CommandLine;
using OrleansHybrid.Cli.Node;
using OrleansHybrid.Cli.Terminal;

namespace OrleansHybrid.Cli.Commands;

/// <summary><c>hybrid node join</c>: a join token becomes this box's own identity.</summary>
internal static class NodeJoinCommand
{
    public static Command Create()
    {
        var options = new NodeOptions();
        var replace = new Option<bool>("--replace") { Description = "Give up the identity that is there, after it was revoked say." };
        return new HybridCommand(
            "join",
            "Enrols this box at its cell with a join token.",
            ["hybrid node join --cell http://127.0.0.1:8011 --token hyj_… --name box-7"],
            async (input, cancellationToken) =>
            {
                var (settings, wrong) = options.Join(input, input.GetValue(replace));
                return wrong ?? await NodeCommands.GuardAsync(() => NodeJoin.RunAsync(settings!, TimeProvider.System, cancellationToken));
            })
        { options.Cell, options.Token, options.Name, options.Data, options.CellZone, options.Insecure, options.Tls.Ca, options.Tls.Certificate, options.Tls.Key, replace };
    }
}
