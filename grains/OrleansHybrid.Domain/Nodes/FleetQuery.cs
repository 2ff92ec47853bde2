namespace OrleansHybrid.Domain.Nodes;

/// <summary>Which nodes to list: all that match, by key, in pages.</summary>
/// <param name="Kind">Null: every kind.</param>
/// <param name="Health">Null: any.</param>
/// <param name="After">The key after which the page begins; null: from the first.</param>
/// <param name="Rows">Rows of a page, 1 to <see cref="Limits.PageRowsMax"/>.</param>
[GenerateSerializer, Immutable, Alias("hybrid.fleet-query")]
public sealed record FleetQuery(
    [property: Id(0)] NodeKind? Kind = null,
    [property: Id(1)] NodeHealth? Health = null,
    [property: Id(2)] string? After = null,
    [property: Id(3)] int Rows = 100)
{
    /// <summary>Nodes that report a version of this model; null: any.</summary>
    [Id(4)] public string? Model { get; init; }

    /// <summary>With <see cref="Model"/>: this version of it; null: any.</summary>
    [Id(5)] public int? Version { get; init; }

    /// <summary>Nodes on which a version (of <see cref="Model"/>, where that is given) is in this stage; null: any.</summary>
    [Id(6)] public NodeVersionStage? Stage { get; init; }

    /// <summary>Nodes that have all of these labels.</summary>
    [Id(7)] public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public bool Matches(NodeStatus node) =>
        (Kind is null || node.Report?.Kind == Kind)
        && (Health is null || node.Health == Health)
        && MatchesVersion(node)
        && Labels.All(l => node.Report?.Attributes is { } attributes && attributes.Labels.TryGetValue(l.Key, out var value) && value == l.Value);

    private bool MatchesVersion(NodeStatus node) =>
        (Model is null && Version is null && Stage is null)
        || (node.Report?.Versions.Any(v => (Model is null || v.Model == Model) && (Version is null || v.Version == Version) && (Stage is null || v.Stage == Stage)) ?? false);
}

/// <summary>One page of nodes, ascending by key.</summary>
/// <param name="Next">What to ask for as <see cref="FleetQuery.After"/> to go on; null: this was the last page.</param>
[GenerateSerializer, Immutable, Alias("hybrid.fleet-page")]
public sealed record FleetPage([property: Id(0)] IReadOnlyList<NodeStatus> Nodes, [property: Id(1)] string? Next);

/// <summary>How pages of shards become pages of the fleet. Pure.</summary>
public static class FleetPages
{
    /// <summary>The page of one shard.</summary>
    public static FleetPage Cut(IEnumerable<NodeStatus> nodes, FleetQuery query)
    {
        var rows = Math.Clamp(query.Rows, 1, Limits.PageRowsMax);
        var matching = nodes
            .Where(query.Matches)
            .Select(n => (Key: n.Key.ToString(), Node: n))
            .Where(n => query.After is null || string.CompareOrdinal(n.Key, query.After) > 0)
            .OrderBy(n => n.Key, StringComparer.Ordinal)
            .Take(rows + 1)
            .ToArray();
        return matching.Length <= rows
            ? new FleetPage(Array.ConvertAll(matching, n => n.Node), null)
            : new FleetPage(matching.Take(rows).Select(n => n.Node).ToArray(), matching[rows - 1].Key);
    }

    /// <summary>The page of the fleet: the first rows of all shards' pages. Something is left when any shard had more or rows were cut here.</summary>
    public static FleetPage Merge(IReadOnlyList<FleetPage> pages, FleetQuery query)
    {
        var merged = Cut(pages.SelectMany(p => p.Nodes), query);
        if (merged.Next is not null || pages.All(p => p.Next is null)) return merged;
        return merged with { Next = merged.Nodes[^1].Key.ToString() };
    }
}
