namespace OrleansHybrid.Domain.Nodes;

/// <summary>What nodes should run, by the documents that hold here now. Cheap to ask: answered from memory.</summary>
public interface IDesiredStateSource
{
    /// <summary>Of the documents; 0 before any.</summary>
    long Revision { get; }

    DesiredState Of(DesiredStateNode node);
}

/// <summary>A place that has no documents: nothing is desired, so nothing is skewed.</summary>
public sealed class NothingDesired : IDesiredStateSource
{
    public long Revision => 0;

    public DesiredState Of(DesiredStateNode node) => DesiredState.Nothing;
}
