namespace OrleansHybrid.Domain.Nodes;

/// <summary>How many nodes are alike in what they run and how they are.</summary>
/// <param name="Model">Empty: nodes that have no version.</param>
[GenerateSerializer, Immutable, Alias("hybrid.node-count")]
public sealed record NodeCount(
    [property: Id(0)] string Kind,
    [property: Id(1)] string Health,
    [property: Id(2)] string Model,
    [property: Id(3)] int Version,
    [property: Id(4)] string Stage,
    [property: Id(5)] long Nodes);

/// <summary>A node that somebody should look at.</summary>
/// <param name="What">What is wrong with it, in words.</param>
[GenerateSerializer, Immutable, Alias("hybrid.node-outlier")]
public sealed record NodeOutlier(
    [property: Id(0)] string Node,
    [property: Id(1)] string Kind,
    [property: Id(2)] string Health,
    [property: Id(3)] long AgeSeconds,
    [property: Id(4)] string What);

/// <summary>What a shard, a cell or a region counts of its nodes.</summary>
/// <param name="OldestReportSeconds">The longest silence among the nodes.</param>
[GenerateSerializer, Immutable, Alias("hybrid.node-counts")]
public sealed record NodeCounts([property: Id(0)] IReadOnlyList<NodeCount> Rows, [property: Id(1)] IReadOnlyList<NodeOutlier> Outliers, [property: Id(2)] long OldestReportSeconds)
{
    public static NodeCounts None { get; } = new([], [], 0);

    public static NodeCounts Of(IEnumerable<NodeStatus> nodes)
    {
        var all = nodes as IReadOnlyCollection<NodeStatus> ?? [.. nodes];
        return Cut(all.SelectMany(RowsOf), all.Select(OutlierOf).OfType<NodeOutlier>(), all.Count == 0 ? 0 : all.Max(n => Seconds(n.Age)));
    }

    /// <summary>The parts of one whole, added up. The order does not matter.</summary>
    public static NodeCounts Merge(IReadOnlyCollection<NodeCounts> parts) =>
        Cut(parts.SelectMany(p => p.Rows), parts.SelectMany(p => p.Outliers), parts.Count == 0 ? 0 : parts.Max(p => p.OldestReportSeconds));

    private static NodeCounts Cut(IEnumerable<NodeCount> rows, IEnumerable<NodeOutlier> outliers, long oldest)
    {
        var sums = rows.GroupBy(r => r with { Nodes = 0 }).Select(g => g.Key with { Nodes = g.Sum(r => r.Nodes) });
        var ordered = sums
            .OrderBy(r => r.Model, StringComparer.Ordinal).ThenBy(r => r.Version).ThenBy(r => r.Stage, StringComparer.Ordinal)
            .ThenBy(r => r.Kind, StringComparer.Ordinal).ThenBy(r => r.Health, StringComparer.Ordinal);
        var named = outliers.OrderByDescending(o => o.AgeSeconds).ThenBy(o => o.Node, StringComparer.Ordinal).Take(Limits.RegionOutliersMax);
        return new NodeCounts([.. ordered.Take(Limits.RegionCountsMax)], [.. named], oldest);
    }

    private static IEnumerable<NodeCount> RowsOf(NodeStatus node)
    {
        var (kind, health) = (Name(node.Report?.Kind), node.Health.ToString().ToLowerInvariant());
        if (node.Report is not { Versions.Count: > 0 } report) return [new NodeCount(kind, health, "", 0, "", 1)];
        return report.Versions.Select(v => new NodeCount(kind, health, v.Model, v.Version, v.Stage.ToString().ToLowerInvariant(), 1));
    }

    private static NodeOutlier? OutlierOf(NodeStatus node)
    {
        var what = node.Health switch
        {
            NodeHealth.Healthy => node.Skew.Count == 0 ? null : $"runs something else than it should: {node.Skew[0].Model}@{node.Skew[0].Version}",
            NodeHealth.Unhealthy => node.Report!.Problems.FirstOrDefault() ?? Failed(node.Report),
            NodeHealth.Stale => "has not called for long",
            _ => "has not called yet",
        };
        return what is null ? null : new NodeOutlier(node.Key.Node, Name(node.Report?.Kind), node.Health.ToString().ToLowerInvariant(), Seconds(node.Age), what);
    }

    private static string Failed(NodeReport report)
    {
        var failed = report.Versions.First(v => v.Stage == NodeVersionStage.Failed);
        return $"{failed.Model}@{failed.Version} failed: {failed.Reason}";
    }

    private static string Name(NodeKind? kind) => kind?.ToString().ToLowerInvariant() ?? "";

    private static long Seconds(TimeSpan? age) => (long)(age?.TotalSeconds ?? 0);
}
