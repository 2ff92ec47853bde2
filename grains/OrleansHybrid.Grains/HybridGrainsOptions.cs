using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Grains;

/// <summary>What this silo is, for its grains and services.</summary>
/// <param name="Cell">The cell's name.</param>
/// <param name="Zone">The zone that its engine answers for.</param>
/// <param name="Node">This silo's name among the cell's nodes; becomes Orleans' silo name, by which its peers know whether it lives.</param>
/// <param name="InferenceAddress">Where peers reach this silo's OIP gRPC port.</param>
public sealed record HybridGrainsOptions(string Cell, Zone Zone, string Node, string InferenceAddress)
{
    /// <summary>What this silo is as a node: labels, memory, execution providers and versions of what runs it.</summary>
    public NodeAttributes Attributes { get; init; } = NodeAttributes.Unknown;

    /// <summary>The links to the cell above as they are now; read at every snapshot, so it must be cheap. None by default.</summary>
    public Func<IServiceProvider, IReadOnlyList<UpstreamState>> UpstreamStates { get; init; } = static _ => [];
}
