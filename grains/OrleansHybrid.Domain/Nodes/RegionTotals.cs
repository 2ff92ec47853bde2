namespace OrleansHybrid.Domain.Nodes;

/// <summary>Adds up what a region's versions did, without counting anything twice. Pure.</summary>
/// <remarks>
/// Totals of one epoch only grow, so the larger of two reports is the later one: replays, losses and a changed order add nothing. Epochs add up. Of more
/// than <see cref="Limits.RegionEpochsMax"/> epochs the oldest are added into one that is closed: reports of them, or of older ones, change nothing any more.
/// </remarks>
public static class RegionTotals
{
    public static IReadOnlyList<VersionTotal> Merge(IReadOnlyList<VersionTotal> known, IReadOnlyList<VersionTotal> reported)
    {
        var merged = known.ToDictionary(KeyOf);
        foreach (var total in reported)
        {
            if (IsClosed(known, total)) continue;
            merged[KeyOf(total)] = merged.TryGetValue(KeyOf(total), out var before) ? Later(before, total) : total;
        }

        return [.. merged.Values.GroupBy(t => (t.Model, t.Version)).SelectMany(Close).OrderBy(t => t.Model, StringComparer.Ordinal).ThenBy(t => t.Version).ThenBy(t => t.Epoch).Take(Limits.RegionTotalsMax)];
    }

    /// <summary>One row for each version, over all epochs.</summary>
    public static IReadOnlyList<VersionTotal> Sum(IEnumerable<VersionTotal> totals) =>
        [.. totals.GroupBy(t => (t.Model, t.Version)).Select(g => new VersionTotal(g.Key.Model, g.Key.Version, g.Max(t => t.Epoch), g.Sum(t => t.Requests), g.Sum(t => t.Failures)))];

    private static (string, int, long) KeyOf(VersionTotal total) => (total.Model, total.Version, total.Epoch);

    private static VersionTotal Later(VersionTotal one, VersionTotal other) =>
        one with { Requests = Math.Max(one.Requests, other.Requests), Failures = Math.Max(one.Failures, other.Failures) };

    /// <summary>A full row of epochs begins with the closed one.</summary>
    private static bool IsClosed(IReadOnlyList<VersionTotal> known, VersionTotal total)
    {
        var epochs = known.Where(t => t.Model == total.Model && t.Version == total.Version).Select(t => t.Epoch).Order().ToArray();
        return epochs.Length >= Limits.RegionEpochsMax && total.Epoch <= epochs[0];
    }

    private static IEnumerable<VersionTotal> Close(IEnumerable<VersionTotal> ofOneVersion)
    {
        var byAge = ofOneVersion.OrderBy(t => t.Epoch).ToArray();
        var extra = byAge.Length - Limits.RegionEpochsMax;
        if (extra <= 0) return byAge;
        var closed = byAge[..(extra + 1)];
        return [closed[^1] with { Requests = closed.Sum(t => t.Requests), Failures = closed.Sum(t => t.Failures) }, .. byAge[(extra + 1)..]];
    }
}
