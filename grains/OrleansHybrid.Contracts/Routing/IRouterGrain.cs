using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Contracts.Routing;

/// <summary>Routes and runs requests on the silo that is called. Key: the cell's name.</summary>
/// <remarks>
/// Payloads: within a silo records pass by reference, so the callee borrows the request's leases and the caller owns the answer's. A caller in
/// another process gets copies in memory that belongs to no pool: neither side has anything of the other's to release.
/// </remarks>
[Alias("hybrid.router"), GrainInterfaceType("hybrid.router")]
public interface IRouterGrain : IGrainWithStringKey
{
    /// <summary>Never throws for an expected failure: see <see cref="InferenceResult.Failure"/>.</summary>
    [Alias("infer"), ResponseTimeout(ResponseTimeouts.Inference)]
    ValueTask<InferenceResult> InferAsync(InferenceRequest request, CancellationToken cancellationToken);

    /// <summary>The plan that <see cref="InferAsync"/> would follow, without running it.</summary>
    [Alias("explain")]
    ValueTask<ExplainResult> ExplainAsync(ExplainRequest request, CancellationToken cancellationToken);
}
