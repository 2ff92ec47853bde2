using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Contracts.Nodes;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Grains.Nodes;

/// <summary>What was heard of one part of the cell's nodes, in memory alone: after a restart it comes back with the nodes' next check-ins.</summary>
/// <remarks>Ages are measured on a steady time line that begins with the activation.</remarks>
[GrainType("hybrid.fleet-shard")]
public sealed class FleetShardGrain([FromKeyedServices(HybridClock.Key)] TimeProvider clock, IDesiredStateSource desired) : Grain, IFleetShardGrain
{
    private readonly Dictionary<NodeKey, ShardNode> nodes = [];
    private readonly long began = clock.GetTimestamp();

    private TimeSpan Now => clock.GetElapsedTime(began);

    public Task<IReadOnlyList<CheckInOutcome>> CheckInAsync(IReadOnlyList<NodeCheckIn> checkIns, CancellationToken cancellationToken)
    {
        var (now, utc) = (Now, clock.GetUtcNow());
        var outcomes = new CheckInOutcome[checkIns.Count];
        for (var i = 0; i < outcomes.Length; i++) outcomes[i] = CheckIn(checkIns[i], now, utc);
        return Task.FromResult<IReadOnlyList<CheckInOutcome>>(outcomes);
    }

    public Task<FleetPage> ListAsync(FleetQuery query, CancellationToken cancellationToken) => Task.FromResult(FleetPages.Cut(Statuses(), query));

    public Task<IReadOnlyList<NodeStatus>> FindAsync(IReadOnlyList<NodeKey> keys, CancellationToken cancellationToken)
    {
        var now = Now;
        return Task.FromResult<IReadOnlyList<NodeStatus>>(keys.Select(k => StatusOf(k, now)).ToArray());
    }

    public Task<NodeCounts> CountAsync(CancellationToken cancellationToken) => Task.FromResult(NodeCounts.Of(Statuses()));

    public Task ForgetAsync(NodeKey key, CancellationToken cancellationToken)
    {
        nodes.Remove(key);
        return Task.CompletedTask;
    }

    private CheckInOutcome CheckIn(NodeCheckIn checkIn, TimeSpan now, DateTimeOffset utc)
    {
        ShardNode? known = nodes.TryGetValue(checkIn.Key, out var kept) ? kept : null;
        var silence = now - kept.HeardAt;
        var next = CheckInPace.Next((long)nodes.Count * Limits.FleetShards);
        var verdict = ShardRules.Judge(known, checkIn);
        if (verdict == CheckInVerdict.OutOfOrder) return new CheckInOutcome(verdict, kept.Facts.Epoch, kept.Sequence, next, silence);
        if (verdict != CheckInVerdict.Accepted) return new CheckInOutcome(verdict, checkIn.Epoch, checkIn.Sequence, next, silence);
        if (known is null && IsFull(now)) return new CheckInOutcome(CheckInVerdict.Refused, checkIn.Epoch, checkIn.Sequence, next, silence, $"This part of the cell lists {Limits.NodesPerShardMax} nodes and takes no more; nodes that fell silent make room after {Limits.NodeForgottenAfter.TotalDays:0} days.");

        var interval = (checkIn.Report ?? kept.Facts.Report).Kind == NodeKind.Silo ? TimeSpan.Zero : next;
        nodes[checkIn.Key] = ShardRules.Look(checkIn.Key, ShardRules.Accept(known, checkIn, now, utc, interval), desired, now);
        return new CheckInOutcome(verdict, checkIn.Epoch, checkIn.Sequence, next, silence);
    }

    private NodeStatus[] Statuses()
    {
        var now = Now;
        Forget(now);
        return [.. nodes.Keys.ToArray().Select(k => StatusOf(k, now))];
    }

    private NodeStatus StatusOf(NodeKey key, TimeSpan now)
    {
        if (!nodes.TryGetValue(key, out var node)) return ShardRules.StatusOf(key, null, now);
        nodes[key] = node = ShardRules.Look(key, node, desired, now);
        return ShardRules.StatusOf(key, node, now);
    }

    private bool IsFull(TimeSpan now)
    {
        if (nodes.Count < Limits.NodesPerShardMax) return false;
        Forget(now);
        return nodes.Count >= Limits.NodesPerShardMax;
    }

    private void Forget(TimeSpan now)
    {
        foreach (var (key, node) in nodes)
        {
            if (now - node.HeardAt > Limits.NodeForgottenAfter) nodes.Remove(key);
        }
    }
}
