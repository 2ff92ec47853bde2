using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Contracts.Nodes;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Grains.Nodes;

/// <summary>A node's twin. The last report lives in memory; it is written only when what the node is or runs changed.</summary>
[GrainType("hybrid.edge-node")]
public sealed class EdgeNodeGrain(
    [PersistentState("twin")] IPersistentState<EdgeNodeState> state,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock) : Grain, IEdgeNodeGrain
{
    private NodeTwin? twin;

    private NodeKey Key => NodeKey.TryParse(this.GetPrimaryKeyString(), out var key)
        ? key
        : throw new ArgumentException($"A node's key is cell/node; '{this.GetPrimaryKeyString()}' came.");

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        twin = state.State.Twin;
        return Task.CompletedTask;
    }

    public async Task<NodeReceipt> ReportAsync(NodeReport report, CancellationToken cancellationToken)
    {
        if (report.Key != Key) throw new ArgumentException($"The twin of {Key} takes its own reports; one of {report.Key} came.");
        var next = NodeTwinRules.Accept(twin, report, clock.GetUtcNow(), out var changed);
        var accepted = !ReferenceEquals(next, twin);
        if (changed)
        {
            state.State = new EdgeNodeState { Twin = next };
            await state.WriteStateAsync(cancellationToken);
        }

        twin = next;
        return new NodeReceipt(accepted, next.Report.Epoch, next.Report.Sequence);
    }

    public Task<NodeStatus> GetAsync(CancellationToken cancellationToken) => Task.FromResult(NodeStatus.Of(Key, twin, clock.GetUtcNow()));
}

/// <summary>What is stored of a twin.</summary>
[GenerateSerializer, Alias("hybrid.edge-node-state")]
public sealed class EdgeNodeState
{
    /// <summary>The last report that changed something, and when it came.</summary>
    [Id(0)] public NodeTwin? Twin { get; set; }
}
