namespace OrleansHybrid.Domain.Nodes;

/// <summary>How far a node's report can be trusted.</summary>
public enum NodeHealth
{
    /// <summary>Nothing was heard since whoever answers began to listen.</summary>
    Unknown,

    /// <summary>Heard lately: see <see cref="NodeHealthRules"/>.</summary>
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
    /// <summary>Since the last whole report: what its durations have to be counted on by. Null: as <see cref="Age"/>.</summary>
    [Id(5)] public TimeSpan? ReportAge { get; init; }

    /// <summary>Where it does not run what it should.</summary>
    [Id(6)] public IReadOnlyList<NodeSkew> Skew { get; init; } = [];

    public static NodeStatus Of(NodeKey key, NodeTwin? twin, DateTimeOffset now)
    {
        if (twin is null) return new NodeStatus(key, NodeHealth.Unknown, null, null, null);
        // A receiver's clock that went back makes the age negative: that proves nothing about the node, so it is not healthy.
        var age = now - twin.LastSeen;
        return new NodeStatus(key, NodeHealthRules.Judge(twin.Report, age, TimeSpan.Zero), twin.Report, twin.LastSeen, age);
    }
}
