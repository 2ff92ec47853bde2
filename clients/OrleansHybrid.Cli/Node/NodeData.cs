using OrleansHybrid.Links.Fleet;

namespace OrleansHybrid.Cli.Node;

/// <summary>Where a node keeps what: one folder, its own, for its owner alone.</summary>
internal sealed record NodeData(string Folder)
{
    /// <summary>systemd's, where there is one: it makes the folder and gives it to the service's user.</summary>
    private const string StateDirectory = "STATE_DIRECTORY";

    public static string Default => Environment.GetEnvironmentVariable(StateDirectory) is { Length: > 0 } state ? state.Split(':')[0] : Path.Combine(".hybrid", "node");

    public NodeIdentityFile Identity => new(Path.Combine(Folder, "node.json"));

    public string LinkFile => Path.Combine(Folder, "cell.json");

    public string Publishers => Path.Combine(Folder, "publishers");

    public string Documents => Path.Combine(Folder, "documents");

    public string Bundles => Path.Combine(Folder, "bundles");
}
