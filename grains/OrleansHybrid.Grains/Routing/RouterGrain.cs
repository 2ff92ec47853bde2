using Orleans.Concurrency;
using OrleansHybrid.Contracts.Routing;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Grains.Routing;

/// <summary>The request's way into the silo that is called.</summary>
/// <remarks>
/// Reentrant, since it waits: without that, requests would run one after the other through each worker. It keeps nothing and awaits the request
/// loop alone. It takes its own hold on the request's payloads: a caller that gives up gives its hold back while the run still reads.
/// </remarks>
[StatelessWorker, Reentrant, GrainType("hybrid.router")]
public sealed class RouterGrain(ISiloInference inference, CallerTokens callers) : Grain, IRouterGrain
{
    public async ValueTask<InferenceResult> InferAsync(InferenceRequest request, CancellationToken cancellationToken)
    {
        LeaseOwnership.Share(request);
        try
        {
            var result = await inference.InferAsync(request, callers.Find(request, cancellationToken));
            return LeaseOwnership.CameFromAnotherProcess(request) ? LeaseOwnership.Detach(result) : result;
        }
        finally
        {
            LeaseOwnership.Release(request.Inputs);
        }
    }

    public ValueTask<ExplainResult> ExplainAsync(ExplainRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(inference.Explain(request));
}
