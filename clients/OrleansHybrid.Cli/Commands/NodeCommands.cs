using OrleansHybrid.Cli.Terminal;

namespace OrleansHybrid.Cli.Commands;

/// <summary>What both node commands do about trouble with the data folder: it is told with its own remedy.</summary>
internal static class NodeCommands
{
    public static async Task<CommandOutcome> GuardAsync(Func<Task<CommandOutcome>> run)
    {
        try
        {
            return await run();
        }
        catch (InvalidDataException broken)
        {
            return CommandOutcome.Refused("Identity", broken.Message);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return CommandOutcome.Refused("DataFolder", refused.Message);
        }
    }
}
