using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Contracts.Nodes;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Grains.Nodes;

/// <summary>Last reports of one part of the cell's nodes, in memory alone: after a restart they come back with the nodes' next heartbeats.</summary>
[GrainType("hybrid.fleet-shard")]
public sealed class FleetShardGrain([FromKeyedServices(HybridClock.Key)] TimeProvider clock) : Grain, IFleetShardGrain
{
    private readonly Dictionary<NodeKey, NodeTwin> nodes = [];

    public Task<IReadOnlyList<NodeReceipt>> CheckInAsync(IReadOnlyList<NodeReport> reports, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return Task.FromResult<IReadOnlyList<NodeReceipt>>(reports.Select(r => CheckIn(r, now)).ToArray());
    }

    public Task<FleetPage> ListAsync(FleetQuery query, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        Forget(now);
        return Task.FromResult(FleetPages.Cut(nodes.Select(n => NodeStatus.Of(n.Key, n.Value, now)), query));
    }

    public Task<IReadOnlyList<NodeStatus>> FindAsync(IReadOnlyList<NodeKey> keys, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return Task.FromResult<IReadOnlyList<NodeStatus>>(keys.Select(k => NodeStatus.Of(k, nodes.GetValueOrDefault(k), now)).ToArray());
    }

    private NodeReceipt CheckIn(NodeReport report, DateTimeOffset now)
    {
        var before = nodes.GetValueOrDefault(report.Key);
        if (before is null && IsFull(now)) return new NodeReceipt(false, report.Epoch, report.Sequence);
        var next = NodeTwinRules.Accept(before, report, now, out _);
        nodes[report.Key] = next;
        return new NodeReceipt(!ReferenceEquals(next, before), next.Report.Epoch, next.Report.Sequence);
    }

    private bool IsFull(DateTimeOffset now)
    {
        if (nodes.Count < Limits.NodesPerShardMax) return false;
        Forget(now);
        return nodes.Count >= Limits.NodesPerShardMax;
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, twin) in nodes)
        {
            if (now - twin.LastSeen > Limits.NodeForgottenAfter) nodes.Remove(key);
        }
    }
}
