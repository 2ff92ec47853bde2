using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Client.Orleans;

/// <summary>The cell's router. What is expected to fail is a result, the cell's own absence included.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>The caller keeps its request's leases and may release or reuse them once the call returns, also when it was cancelled: pooled payloads are copied first, since the message may leave after its caller did.</item>
/// <item>The leases of an answer belong to no pool and need no release.</item>
/// <item>Cancelling lets the caller go on at once; the run itself ends at the request's deadline, so give it one (<see cref="InferenceRequest.Timeout"/>).</item>
/// </list>
/// </remarks>
public sealed class ClusterRouter : IInferenceService
{
    private readonly IClusterClient client;
    private readonly string cell;

    internal ClusterRouter(IClusterClient client, string cell) => (this.client, this.cell) = (client, cell);

    public async ValueTask<InferenceResult> InferAsync(InferenceRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (cancellationToken.IsCancellationRequested) return InferenceResult.Of(Cancelled);
        try
        {
            return await client.GetRouter(cell).InferAsync(Detached(request), cancellationToken).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return InferenceResult.Of(Cancelled);
        }
        catch (Exception failed) when (ClusterCalls.IsTrouble(failed))
        {
            return InferenceResult.Of(ClusterCalls.Failure(failed, cell));
        }
    }

    /// <summary>The plan that <see cref="InferAsync"/> would follow, without running it.</summary>
    public async ValueTask<ExplainResult> ExplainAsync(ExplainRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return await client.GetRouter(cell).ExplainAsync(request, cancellationToken).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new ExplainResult(null, Cancelled);
        }
        catch (Exception failed) when (ClusterCalls.IsTrouble(failed))
        {
            return new ExplainResult(null, ClusterCalls.Failure(failed, cell));
        }
    }

    private static InferenceFailure Cancelled => new(FailureCode.Cancelled, "The caller cancelled the request.");

    private static InferenceRequest Detached(InferenceRequest request) =>
        request.Inputs.Any(i => i.Data.IsPooled) ? request with { Inputs = [.. request.Inputs.Select(Detached)] } : request;

    private static Tensor Detached(Tensor tensor)
    {
        var copy = TensorLease.Unpooled(tensor.Data.Length);
        tensor.Data.Span.CopyTo(copy.Span);
        return tensor with { Data = copy };
    }
}
