using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Grains.Routing;

/// <summary>Runs requests on this silo against the snapshot of the moment: what <see cref="RouterGrain"/> drives.</summary>
/// <remarks>Nothing behind it may wait for storage or for a grain: an answer must not depend on Redis.</remarks>
public interface ISiloInference
{
    /// <summary>Borrows the request's leases until it returns; the answer's belong to the caller.</summary>
    ValueTask<InferenceResult> InferAsync(InferenceRequest request, CancellationToken cancellationToken);

    ExplainResult Explain(ExplainRequest request);
}

/// <summary>The request loop over the silo's current snapshot.</summary>
public sealed class SiloInference(RequestRunner runner, ISnapshotSource snapshots) : ISiloInference
{
    private readonly Func<ZoneSnapshot> newest = () => snapshots.Current;

    public ValueTask<InferenceResult> InferAsync(InferenceRequest request, CancellationToken cancellationToken) =>
        runner.InferAsync(request, snapshots.Current, cancellationToken, newest);

    public ExplainResult Explain(ExplainRequest request) => runner.Explain(request, snapshots.Current);
}
