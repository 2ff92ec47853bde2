using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Contracts.Nodes;

/// <summary>Questions about the whole fleet of a cell: asked of all shards at once (64, no more) and merged. No grain holds the whole list and no twin is woken.</summary>
public static class FleetQueries
{
    public static async Task<FleetPage> ListNodesAsync(this IGrainFactory grains, FleetQuery query, CancellationToken cancellationToken)
    {
        var pages = await Task.WhenAll(Enumerable.Range(0, Limits.FleetShards).Select(s => grains.GetFleetShard(s).ListAsync(query, cancellationToken)));
        return FleetPages.Merge(pages, query);
    }

    /// <summary>The status of each node that is named, in any order; each shard is asked once.</summary>
    public static async Task<IReadOnlyList<NodeStatus>> FindNodesAsync(this IGrainFactory grains, IReadOnlyCollection<NodeKey> keys, CancellationToken cancellationToken)
    {
        var asked = keys.GroupBy(FleetSharding.ShardOf).Select(g => grains.GetFleetShard(g.Key).FindAsync(g.ToArray(), cancellationToken));
        var found = await Task.WhenAll(asked);
        return found.SelectMany(statuses => statuses).ToArray();
    }

    /// <summary>What the cell counts of its nodes.</summary>
    public static async Task<NodeCounts> CountNodesAsync(this IGrainFactory grains, CancellationToken cancellationToken) =>
        NodeCounts.Merge(await Task.WhenAll(Enumerable.Range(0, Limits.FleetShards).Select(s => grains.GetFleetShard(s).CountAsync(cancellationToken))));

    /// <summary>Each region that is named; at most <see cref="Limits.RegionsMax"/>, which a cell never exceeds.</summary>
    public static async Task<IReadOnlyList<RegionStatus>> ListRegionsAsync(this IGrainFactory grains, IReadOnlyList<string> regions, CancellationToken cancellationToken) =>
        await Task.WhenAll(regions.Select(r => grains.GetRegion(r).GetAsync(cancellationToken)));
}
