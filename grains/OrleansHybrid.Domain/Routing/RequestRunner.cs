using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Finds the client for a peer or an upstream that a plan names.</summary>
public interface IUpstreamDirectory
{
    /// <summary>Null when it is no longer known.</summary>
    IUpstream? Find(AttemptTarget target, string address);
}

/// <summary>The one loop over the ports, used by the routing grain and the SDK alike.</summary>
public sealed class RequestRunner(IInferenceEngine engine, IUpstreamDirectory upstreams, IRequestObserver observer, TimeProvider clock)
{
    public ValueTask<InferenceResult> InferAsync(InferenceRequest request, ZoneSnapshot snapshot, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{engine}{upstreams}{observer}{clock}");

    public ExplainResult Explain(ExplainRequest request, ZoneSnapshot snapshot) =>
        throw new NotSupportedException($"{engine}{upstreams}{observer}{clock}");
}
