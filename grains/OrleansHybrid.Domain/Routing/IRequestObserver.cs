using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Hears what the request loop did: metrics, counters, ledger, decision records, measured latencies. Called on the request's path: must not block, allocate much or throw.</summary>
public interface IRequestObserver
{
    /// <summary>One attempt ended, here or above.</summary>
    void AttemptEnded(in AttemptReport attempt);

    /// <summary>The version's classifier was asked, before the request was routed.</summary>
    void ClassifierEnded(in ClassifierReport classifier)
    {
    }

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

/// <param name="Plan">As it was without the verdict.</param>
/// <param name="Took">From the question to the verdict, or to giving it up.</param>
/// <param name="Verdict">As the classifier gave it; null without one.</param>
/// <param name="Signals">What the request is planned with: the verdict, scaled by the version's threshold, is in it.</param>
/// <param name="Failure">Why there is no verdict.</param>
public readonly record struct ClassifierReport(RoutePlan Plan, VariantKey Classifier, EngineTimes Engine, TimeSpan Took, double? Verdict, RequestSignals Signals, FailureCode? Failure);

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
