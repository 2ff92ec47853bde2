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
            await WriteAsync(next, state.State.Identity ?? NodeIdentity.None, cancellationToken);
        }

        twin = next;
        return new NodeReceipt(accepted, next.Report.Epoch, next.Report.Sequence);
    }

    public async Task<CheckInOutcome> CheckInAsync(NodeCheckIn checkIn, TimeSpan silence, CancellationToken cancellationToken)
    {
        if (checkIn.Key != Key || checkIn.Report is not { } report) throw new ArgumentException($"The twin of {Key} takes whole reports of its own; a check-in of {checkIn.Key} came.");
        var identity = state.State.Identity ?? NodeIdentity.None;
        if (identity.RevokedAt is { } revoked) return Outcome(CheckInVerdict.Refused, checkIn, $"The credential of '{Key.Node}' was revoked at {revoked:O}. Enrol the node anew with a join token.");
        var instance = InstanceRules.Judge(identity.Boot, checkIn.Instance, silence);
        if (instance == InstanceVerdict.Copy) return Outcome(CheckInVerdict.RefusedCopy, checkIn, InstanceRules.WhyRefused(Key.Node));

        var next = NodeTwinRules.Accept(twin, NodeLabels.Over(identity.Labels, report), clock.GetUtcNow(), out var changed);
        if (ReferenceEquals(next, twin)) return new CheckInOutcome(CheckInVerdict.OutOfOrder, next.Report.Epoch, next.Report.Sequence, default, default);
        if (changed || instance != InstanceVerdict.Same) await WriteAsync(next, identity with { Boot = checkIn.Instance.Boot }, cancellationToken);
        twin = next;
        return Outcome(CheckInVerdict.Accepted, checkIn, "") with { Labels = identity.Labels, Restored = instance == InstanceVerdict.Restored };
    }

    public Task<NodeStatus> GetAsync(CancellationToken cancellationToken) => Task.FromResult(NodeStatus.Of(Key, twin, clock.GetUtcNow()));

    public Task<NodeIdentity> GetIdentityAsync(CancellationToken cancellationToken) => Task.FromResult(state.State.Identity ?? NodeIdentity.None);

    public async Task<string> EnrolAsync(NodeIdentity identity, CancellationToken cancellationToken)
    {
        var before = state.State.Identity ?? NodeIdentity.None;
        await WriteAsync(null, identity, cancellationToken);
        twin = null;
        return before.RevokedAt is null ? before.Serial : "";
    }

    public async Task<NodeIdentity> RevokeAsync(CancellationToken cancellationToken)
    {
        var identity = state.State.Identity ?? NodeIdentity.None;
        if (identity.Serial.Length == 0 || identity.RevokedAt is not null) return identity;
        await WriteAsync(state.State.Twin, identity with { RevokedAt = clock.GetUtcNow() }, cancellationToken);
        return state.State.Identity!;
    }

    private Task WriteAsync(NodeTwin? next, NodeIdentity identity, CancellationToken cancellationToken)
    {
        state.State = new EdgeNodeState { Twin = next, Identity = identity };
        return state.WriteStateAsync(cancellationToken);
    }

    private static CheckInOutcome Outcome(CheckInVerdict verdict, NodeCheckIn checkIn, string reason) => new(verdict, checkIn.Epoch, checkIn.Sequence, default, default, reason);
}

/// <summary>What is stored of a twin.</summary>
[GenerateSerializer, Alias("hybrid.edge-node-state")]
public sealed class EdgeNodeState
{
    /// <summary>The last report that changed something, and when it came.</summary>
    [Id(0)] public NodeTwin? Twin { get; set; }

    /// <summary>Null: a silo of the cell that never checked in by the fleet protocol.</summary>
    [Id(1)] public NodeIdentity? Identity { get; set; }
}
