namespace OrleansHybrid.Domain.Nodes;

/// <summary>By what a cell knows one node: durable in its twin.</summary>
/// <param name="Serial">Of its credential; empty: a silo of the cell, which needs none.</param>
/// <param name="Labels">From its join token: they stand above what it says of itself.</param>
/// <param name="Boot">Of the run that was let in last; empty before the first check-in.</param>
/// <param name="RevokedAt">Null: the credential is good.</param>
[GenerateSerializer, Immutable, Alias("hybrid.node-identity")]
public sealed record NodeIdentity(
    [property: Id(0)] string Serial,
    [property: Id(1)] IReadOnlyDictionary<string, string> Labels,
    [property: Id(2)] string Boot,
    [property: Id(3)] DateTimeOffset? EnrolledAt,
    [property: Id(4)] DateTimeOffset? RevokedAt)
{
    public static NodeIdentity None { get; } = new("", new Dictionary<string, string>(), "", null, null);
}

/// <summary>Labels that an operator gave stand above those that a node gives itself. Pure.</summary>
public static class NodeLabels
{
    public static NodeReport Over(IReadOnlyDictionary<string, string> given, NodeReport report)
    {
        if (given.Count == 0) return report;
        var attributes = report.Attributes ?? NodeAttributes.Unknown;
        var labels = new Dictionary<string, string>(attributes.Labels);
        foreach (var (name, value) in given) labels[name] = value;
        return report with { Attributes = attributes with { Labels = labels } };
    }
}
