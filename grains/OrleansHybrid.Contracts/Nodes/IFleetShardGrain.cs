using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Contracts.Nodes;

/// <summary>Lists one part of the cell's nodes from memory. Key: the shard, 0 to <see cref="Domain.Limits.FleetShards"/> less one; see <see cref="FleetSharding"/>.</summary>
/// <remarks>After a restart a node is unknown until it reports again, which it does within <see cref="Domain.Limits.NodeHeartbeatInterval"/>.</remarks>
[Alias("hybrid.fleet-shard"), GrainInterfaceType("hybrid.fleet-shard")]
public interface IFleetShardGrain : IGrainWithIntegerKey
{
    /// <summary>Takes each report unless a later one of its node is known. One receipt for each report, in order.</summary>
    [Alias("check-in")]
    Task<IReadOnlyList<NodeReceipt>> CheckInAsync(IReadOnlyList<NodeReport> reports, CancellationToken cancellationToken);

    /// <summary>This shard's page.</summary>
    [Alias("list")]
    Task<FleetPage> ListAsync(FleetQuery query, CancellationToken cancellationToken);

    /// <summary>The status of each key, in order; health is unknown for one that this shard never heard of.</summary>
    [Alias("find")]
    Task<IReadOnlyList<NodeStatus>> FindAsync(IReadOnlyList<NodeKey> keys, CancellationToken cancellationToken);
}
