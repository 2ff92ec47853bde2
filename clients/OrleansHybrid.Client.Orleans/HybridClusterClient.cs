using OrleansHybrid.Contracts;
using OrleansHybrid.Contracts.Models;
using OrleansHybrid.Contracts.Nodes;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Client.Orleans;

/// <summary>A cell's grains for a service beside it, through the cell's Orleans gateway.</summary>
/// <remarks>
/// The caller keeps its request's leases; those of an answer need no release. Cancelling lets the caller go on; the run itself ends at the request's
/// deadline, so give it one (<see cref="InferenceRequest.Timeout"/>).
/// </remarks>
public sealed class HybridClusterClient(IClusterClient cluster, string cell) : IInferenceService
{
    public ValueTask<InferenceResult> InferAsync(InferenceRequest request, CancellationToken cancellationToken) =>
        cluster.GetRouter(cell).InferAsync(request, cancellationToken);

    public ValueTask<ExplainResult> ExplainAsync(ExplainRequest request, CancellationToken cancellationToken) =>
        cluster.GetRouter(cell).ExplainAsync(request, cancellationToken);

    /// <summary>A node of this cell.</summary>
    public IEdgeNodeGrain Node(string node) => cluster.GetNode(new NodeKey(cell, node));

    public IModelVersionGrain Version(ModelVersionKey key) => cluster.GetModelVersion(key);

    /// <summary>One page of the cell's nodes.</summary>
    public Task<FleetPage> ListNodesAsync(FleetQuery query, CancellationToken cancellationToken) => cluster.ListNodesAsync(query, cancellationToken);
}
