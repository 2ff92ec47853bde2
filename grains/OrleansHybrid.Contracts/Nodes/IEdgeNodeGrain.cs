using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Contracts.Nodes;

/// <summary>A node's twin: who it is and what it last said that was new, durable. Key: <see cref="NodeKey"/>.</summary>
/// <remarks>Check-ins that say nothing new do not come here, so how lately the node was heard is the shard's to say.</remarks>
[Alias("hybrid.edge-node"), GrainInterfaceType("hybrid.edge-node")]
public interface IEdgeNodeGrain : IGrainWithStringKey
{
    /// <summary>Takes the report unless a later one is known.</summary>
    [Alias("report")]
    Task<NodeReceipt> ReportAsync(NodeReport report, CancellationToken cancellationToken);

    /// <summary>Takes a check-in that is new to the shard, unless it is of another copy of the node, or a later one is known. When this returns it is written.</summary>
    /// <param name="silence">How long the known run of the node has been silent.</param>
    [Alias("check-in")]
    Task<CheckInOutcome> CheckInAsync(NodeCheckIn checkIn, TimeSpan silence, CancellationToken cancellationToken);

    /// <summary>The last report with its age; health is unknown for a node that never reported.</summary>
    [Alias("get")]
    Task<NodeStatus> GetAsync(CancellationToken cancellationToken);

    [Alias("identity")]
    Task<NodeIdentity> GetIdentityAsync(CancellationToken cancellationToken);

    /// <summary>Gives the node an identity in the place of any it had. When this returns it is written.</summary>
    /// <returns>The serial of the credential that it replaces; empty: none.</returns>
    [Alias("enrol")]
    Task<string> EnrolAsync(NodeIdentity identity, CancellationToken cancellationToken);

    /// <summary>Ends the node's credential. When this returns it is written.</summary>
    [Alias("revoke")]
    Task<NodeIdentity> RevokeAsync(CancellationToken cancellationToken);
}
