using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Contracts.Nodes;

/// <summary>Lists one part of the cell's nodes from memory, and never touches the store. Key: the shard, 0 to <see cref="Domain.Limits.FleetShards"/> less one; see <see cref="FleetSharding"/>.</summary>
/// <remarks>After a restart a node is unknown until it checks in again.</remarks>
[Alias("hybrid.fleet-shard"), GrainInterfaceType("hybrid.fleet-shard")]
public interface IFleetShardGrain : IGrainWithIntegerKey
{
    /// <summary>Judges each check-in by <see cref="ShardRules"/>. One outcome for each, in order.</summary>
    [Alias("check-ins")]
    Task<IReadOnlyList<CheckInOutcome>> CheckInAsync(IReadOnlyList<NodeCheckIn> checkIns, CancellationToken cancellationToken);

    /// <summary>This shard's page.</summary>
    [Alias("list")]
    Task<FleetPage> ListAsync(FleetQuery query, CancellationToken cancellationToken);

    /// <summary>The status of each key, in order; health is unknown for one that this shard never heard of.</summary>
    [Alias("find")]
    Task<IReadOnlyList<NodeStatus>> FindAsync(IReadOnlyList<NodeKey> keys, CancellationToken cancellationToken);

    [Alias("count")]
    Task<NodeCounts> CountAsync(CancellationToken cancellationToken);

    /// <summary>Takes a node off the list: its credential was revoked.</summary>
    [Alias("forget")]
    Task ForgetAsync(NodeKey key, CancellationToken cancellationToken);
}
