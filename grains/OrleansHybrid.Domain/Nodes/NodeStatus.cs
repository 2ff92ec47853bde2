namespace OrleansHybrid.Domain.Nodes;

/// <summary>How far a node's report can be trusted.</summary>
public enum NodeHealth
{
    /// <summary>Nothing was heard since whoever answers began to listen.</summary>
    Unknown,

    /// <summary>Heard within <see cref="Limits.NodeStaleAfter"/>.</summary>
    Healthy,

    /// <summary>Heard, but too long ago to count as healthy.</summary>
    Stale,

    /// <summary>Heard lately, and it says itself that something is wrong: a desired version failed, or the node has a problem.</summary>
    Unhealthy,
}

/// <summary>A node's last report with its age. A number without its age is not shown.</summary>
/// <param name="LastSeen">When the report arrived, by the receiver's clock; null when none did.</param>
/// <param name="Age">Time since then at the moment of reading.</param>
[GenerateSerializer, Immutable, Alias("hybrid.node-status")]
public sealed record NodeStatus(
    [property: Id(0)] NodeKey Key,
    [property: Id(1)] NodeHealth Health,
    [property: Id(2)] NodeReport? Report,
    [property: Id(3)] DateTimeOffset? LastSeen,
    [property: Id(4)] TimeSpan? Age)
{
    public static NodeStatus Of(NodeKey key, NodeTwin? twin, DateTimeOffset now)
    {
        if (twin is null) return new NodeStatus(key, NodeHealth.Unknown, null, null, null);
        var age = now - twin.LastSeen;
        // A receiver's clock that went back makes the age negative: that proves nothing about the node, so it is not healthy.
        var health = age >= TimeSpan.Zero && age <= Limits.NodeStaleAfter ? NodeHealth.Healthy : NodeHealth.Stale;
        return new NodeStatus(key, health, twin.Report, twin.LastSeen, age);
    }
}
