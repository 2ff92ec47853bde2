using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Hears what the request loop did: metrics, counters, measured latencies. Called on the request's path: must not block, allocate much or throw.</summary>
public interface IRequestObserver
{
    /// <summary>One attempt ended, here or above.</summary>
    void AttemptEnded(in AttemptReport attempt);

    /// <summary>The request ended, answered or not.</summary>
    void RequestEnded(InferenceRequest request, InferenceResult result, TimeSpan routeTime, TimeSpan total);
}

/// <param name="Variant">For an upstream the variant it stated, or empty.</param>
/// <param name="Engine">Times of the engine here; default for an upstream.</param>
/// <param name="RoundTrip">The whole call of a peer or an upstream; zero for the engine here.</param>
/// <param name="Failure">Null when it answered.</param>
/// <param name="Unsure">It answered under the confidence floor.</param>
public readonly record struct AttemptReport(
    AttemptTarget Target,
    Zone Zone,
    string Cell,
    VariantKey Variant,
    EngineTimes Engine,
    TimeSpan RoundTrip,
    long InputBytes,
    FailureCode? Failure,
    bool Unsure);

public enum AttemptTarget
{
    /// <summary>The engine in this process.</summary>
    Here,

    /// <summary>Another silo of this cell.</summary>
    Peer,

    /// <summary>The cell, or any server, above.</summary>
    Upstream,
}
