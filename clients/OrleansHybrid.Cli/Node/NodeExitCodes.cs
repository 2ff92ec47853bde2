namespace OrleansHybrid.Cli.Node;

/// <summary>What the node commands answer a script or a service manager with, beside the program's own codes.</summary>
internal static class NodeExitCodes
{
    /// <summary>The cell could not be reached: the same again later can help, and no token was used.</summary>
    public const int Unreachable = 3;
}
