using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Contracts.Nodes;

/// <summary>A node's twin. Key: <see cref="NodeKey"/>.</summary>
[Alias("hybrid.edge-node"), GrainInterfaceType("hybrid.edge-node")]
public interface IEdgeNodeGrain : IGrainWithStringKey
{
    /// <summary>Takes the report unless a later one is known.</summary>
    [Alias("report")]
    Task<NodeReceipt> ReportAsync(NodeReport report, CancellationToken cancellationToken);

    /// <summary>The last report with its age; health is unknown for a node that never reported.</summary>
    [Alias("get")]
    Task<NodeStatus> GetAsync(CancellationToken cancellationToken);
}
