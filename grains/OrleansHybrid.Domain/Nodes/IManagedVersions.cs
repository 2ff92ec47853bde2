namespace OrleansHybrid.Domain.Nodes;

/// <summary>The published versions of a place, as its installer has them.</summary>
public interface IManagedVersions
{
    /// <summary>Every desired version, and the published ones that still serve besides.</summary>
    IReadOnlyList<NodeVersion> Versions { get; }
}

/// <summary>A place that installs nothing.</summary>
public sealed class NoManagedVersions : IManagedVersions
{
    public IReadOnlyList<NodeVersion> Versions => [];
}
