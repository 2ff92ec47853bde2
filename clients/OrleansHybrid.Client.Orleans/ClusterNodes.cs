using System.Runtime.CompilerServices;
using OrleansHybrid.Contracts.Nodes;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Client.Orleans;

/// <summary>The nodes of this cell: its silos and the devices under its care.</summary>
public sealed class ClusterNodes
{
    private readonly IClusterClient client;
    private readonly string cell;

    internal ClusterNodes(IClusterClient client, string cell) => (this.client, this.cell) = (client, cell);

    /// <summary>A node's last report with its age; health is unknown for one that never reported.</summary>
    /// <exception cref="HybridClusterException">The cell did not answer.</exception>
    public async Task<NodeStatus> GetAsync(string node, CancellationToken cancellationToken = default) =>
        // From its shard: only a changed report wakes the twin, so the twin's own age says nothing of a node that has nothing new to tell.
        (await ClusterCalls.OrThrowAsync(client.FindNodesAsync([new NodeKey(cell, node)], cancellationToken), $"The node '{node}'").ConfigureAwait(false))[0];

    /// <summary>One page, by key.</summary>
    /// <exception cref="HybridClusterException">The cell did not answer.</exception>
    public Task<FleetPage> ListAsync(FleetQuery? query = null, CancellationToken cancellationToken = default) =>
        ClusterCalls.OrThrowAsync(client.ListNodesAsync(query ?? new FleetQuery(), cancellationToken), "The list of nodes");

    /// <summary>All that match, page by page; nodes that come or go meanwhile may or may not be among them.</summary>
    /// <exception cref="HybridClusterException">The cell did not answer.</exception>
    public async IAsyncEnumerable<NodeStatus> AllAsync(FleetQuery? query = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var next = query ?? new FleetQuery();
        while (true)
        {
            var page = await ListAsync(next, cancellationToken).ConfigureAwait(false);
            foreach (var node in page.Nodes) yield return node;
            if (page.Next is null) yield break;
            next = next with { After = page.Next };
        }
    }
}
