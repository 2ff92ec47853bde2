namespace OrleansHybrid.Domain.Routing;

/// <summary>Answers requests: the routing grain in a cell, the SDK on a device. The gateway knows nothing more.</summary>
public interface IInferenceService
{
    /// <summary>Borrows the request's leases until the call returns. The leases of the answer belong to the caller.</summary>
    ValueTask<InferenceResult> InferAsync(InferenceRequest request, CancellationToken cancellationToken);

    /// <summary>The plan that <see cref="InferAsync"/> would follow, without running it.</summary>
    ValueTask<ExplainResult> ExplainAsync(ExplainRequest request, CancellationToken cancellationToken);
}
