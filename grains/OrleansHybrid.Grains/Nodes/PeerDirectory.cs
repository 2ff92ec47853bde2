using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Contracts.Nodes;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Grains.Nodes;

/// <summary>The other silos of this cell: those that membership calls active and whose report is fresh.</summary>
/// <remarks>Reports are fetched in the background; <see cref="Read"/> is a filter over what was fetched. What could not be refreshed grows stale and drops out.</remarks>
public sealed class PeerDirectory(
    HybridGrainsOptions options,
    IClusterMembershipService membership,
    IGrainFactory grains,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock)
{
    private NodeStatus[] fetched = [];

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var keys = ActiveNodes().Where(n => n != options.Node).Select(n => new NodeKey(options.Cell, n)).ToArray();
        var found = keys.Length == 0 ? [] : await grains.FindNodesAsync(keys, cancellationToken);
        Volatile.Write(ref fetched, found.ToArray());
    }

    public IReadOnlyList<NodeReport> Read()
    {
        var statuses = Volatile.Read(ref fetched);
        if (statuses.Length == 0) return [];
        var (now, active) = (clock.GetUtcNow(), ActiveNodes().ToHashSet(StringComparer.Ordinal));
        return statuses
            .Where(s => s.Report is not null && now - s.LastSeen <= Limits.NodeStaleAfter && active.Contains(s.Key.Node))
            .Select(s => s.Report!)
            .ToArray();
    }

    private IEnumerable<string> ActiveNodes() => membership.CurrentSnapshot.Members.Values.Where(m => m.Status == SiloStatus.Active).Select(m => m.Name);
}
