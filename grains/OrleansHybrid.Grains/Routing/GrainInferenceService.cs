using OrleansHybrid.Contracts;
using OrleansHybrid.Contracts.Routing;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Grains.Routing;

/// <summary>The gateway's service in a cell: the routing grain of this same silo.</summary>
/// <remarks>
/// Waits until the grain came back, also when the caller cancels (see <see cref="CallerTokens"/>), so that an answer that wins the race is not lost with
/// its leases and no lease is given back while a run reads it. Failures of the runtime become values here: the gateway sees no exception of Orleans.
/// </remarks>
public sealed class GrainInferenceService(IGrainFactory grains, HybridGrainsOptions options, CallerTokens callers) : IInferenceService
{
    private readonly IRouterGrain router = grains.GetRouter(options.Cell);

    public async ValueTask<InferenceResult> InferAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        callers.Add(request, cancellationToken);
        try
        {
            return await router.InferAsync(request, CancellationToken.None);
        }
        catch (Exception e) when (Translate(e) is { } failure)
        {
            return InferenceResult.Of(failure);
        }
        finally
        {
            callers.Remove(request);
        }
    }

    public async ValueTask<ExplainResult> ExplainAsync(ExplainRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await router.ExplainAsync(request, cancellationToken);
        }
        catch (Exception e) when (Translate(e) is { } failure)
        {
            return new ExplainResult(null, failure);
        }
    }

    private static InferenceFailure? Translate(Exception e) => e switch
    {
        OperationCanceledException => new InferenceFailure(FailureCode.Cancelled, "The caller cancelled the request."),
        TimeoutException => new InferenceFailure(FailureCode.DeadlineExceeded, $"No answer within the longest deadline of {Limits.DeadlineMax}."),
        SiloUnavailableException or OrleansMessageRejectionException =>
            new InferenceFailure(FailureCode.ShuttingDown, "This server is starting or stopping. Send the request again.", TimeSpan.FromSeconds(1)),
        _ => null,
    };
}
