using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Hears what the request loop did: metrics, counters, ledger, decision records, measured latencies. Called on the request's path: must not block, allocate much or throw.</summary>
public interface IRequestObserver
{
    /// <summary>One attempt ended, here or above.</summary>
    void AttemptEnded(in AttemptReport attempt);

    /// <summary>The request ended, answered or not.</summary>
    void RequestEnded(in RequestReport report);
}

/// <param name="Plan">Of the request that the attempt belongs to.</param>
/// <param name="Candidate">What was tried.</param>
/// <param name="Variant">For an upstream the variant it stated, or empty.</param>
/// <param name="Engine">Times of the engine here; default for an upstream.</param>
/// <param name="RoundTrip">The whole call of a peer or an upstream; zero for the engine here.</param>
/// <param name="Above">Time that the peer or upstream stated for itself; zero when unknown.</param>
/// <param name="Failure">Null when it answered.</param>
/// <param name="Unsure">It answered under the confidence floor.</param>
public readonly record struct AttemptReport(
    RoutePlan Plan,
    Candidate Candidate,
    VariantKey Variant,
    EngineTimes Engine,
    TimeSpan RoundTrip,
    TimeSpan Above,
    FailureCode? Failure,
    bool Unsure)
{
    public AttemptTarget Target => Candidate.Target;

    public Zone Zone => Candidate.Zone;

    public string Cell => Candidate.Cell;

    public long InputBytes => Plan.Request.InputBytes;

    /// <summary>Who pays.</summary>
    public string Tenant => Plan.Request.Caller.Tenant;
}

/// <param name="Plan">What was decided; without attempts when the request was refused.</param>
/// <param name="SpentMicrousd">Predicted cost of the attempts that answered, here and above.</param>
/// <param name="RouteTime">Time spent on planning.</param>
/// <param name="Total">From the hand-over to the answer.</param>
public readonly record struct RequestReport(InferenceRequest Request, RoutePlan Plan, InferenceResult Result, double SpentMicrousd, TimeSpan RouteTime, TimeSpan Total)
{
    /// <summary>The request entered the farm in this cell: it is counted and charged here, and nowhere above.</summary>
    public bool EnteredHere => Request.Caller.Hops.Count == 0;

    /// <summary>What was tried; null when the request was refused.</summary>
    internal RequestRun? Run { get; init; }
}

public enum AttemptTarget
{
    /// <summary>The engine in this process.</summary>
    Here,

    /// <summary>Another silo of this cell.</summary>
    Peer,

    /// <summary>The cell, or any server, above.</summary>
    Upstream,
}
