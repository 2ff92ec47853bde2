using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing;

/// <summary>One routing decision as it is kept: what was asked and known, what was decided, how it ended. Metadata alone: no tensor, no label, no private tag.</summary>
/// <remarks>It holds every input of the plan but the policy and the manifest, which it names by revision and digest: <see cref="DecisionReplay"/> plans it again.</remarks>
/// <param name="Weight">How many requests the record stands for.</param>
/// <param name="Kept">Why it was kept.</param>
public sealed record DecisionRecord(
    DateTimeOffset At,
    string RequestId,
    DecisionKept Kept,
    double Weight,
    DecisionAsk Ask,
    DecisionFacts Facts,
    DecisionPlan Plan,
    DecisionOutcome Outcome);

/// <summary>Why a decision was kept.</summary>
public enum DecisionKept
{
    /// <summary>Nothing could be tried.</summary>
    Refused,

    /// <summary>What was tried failed.</summary>
    Failed,

    /// <summary>An unsure answer was returned, since the zone above could not answer.</summary>
    EscalationFailed,

    /// <summary>Another zone answered than the one that was wanted.</summary>
    Fallback,

    /// <summary>Among the first of its model in its second.</summary>
    First,

    /// <summary>One of many.</summary>
    Sampled,
}

/// <summary>What the request asked and what was known of it before the plan.</summary>
/// <param name="Tags">Without those that the policy calls private.</param>
/// <param name="WithheldTags">How many tags are left out, names and values.</param>
/// <param name="Hops">The cells it passed, oldest first.</param>
/// <param name="TrustedHop">The hop's credential was a link's.</param>
/// <param name="DeadlineMs">What the whole chain was given.</param>
public sealed record DecisionAsk(
    string Model,
    string Tenant,
    long InputBytes,
    double DeadlineMs,
    IReadOnlyDictionary<string, string> Tags,
    int WithheldTags,
    IReadOnlyList<string> Hops,
    bool TrustedHop,
    DecisionSignals Signals,
    int? Version = null,
    RouteMode? Mode = null,
    PrivacyCeiling? Privacy = null,
    long? LatencyTargetMs = null,
    long? MaxCostMicrousd = null,
    double? ConfidenceFloor = null,
    bool Explain = false);

/// <summary>See <see cref="RequestSignals"/>.</summary>
public sealed record DecisionSignals(double Hard, HardSource HardFrom, bool OverRate, double RetryAfterMs, double? MoneyLeftMicrousd = null);

/// <summary>The part of the snapshot that a plan for this model reads: see <see cref="SnapshotInputs"/>.</summary>
/// <param name="ModelKnown">The repository had the model.</param>
/// <param name="Version">The version that was asked for, or the default; null: none of that number, or none ready.</param>
/// <param name="Peers">Silos of the cell that hold a variant of the version.</param>
/// <param name="Pressure">How many entries of the policy's shed list were shed.</param>
public sealed record DecisionFacts(
    string Cell,
    Zone Zone,
    string Node,
    string Policy,
    long PolicyRevision,
    bool Draining,
    long MemoryBytes,
    bool MeteredLink,
    bool ModelKnown,
    IReadOnlyList<DecisionPeer> Peers,
    IReadOnlyList<DecisionLink> Links,
    DecisionVersion? Version = null,
    int? BatteryPercent = null,
    int Pressure = 0);

/// <param name="Digest">Of the manifest's files; null when there was no readable manifest.</param>
/// <param name="Held">What the engine held, best first.</param>
/// <param name="Classifier">The engine held the version's classifier.</param>
public sealed record DecisionVersion(int Version, VersionState State, bool PlainFolder, IReadOnlyList<DecisionVariant> Held, string? Digest = null, bool Classifier = false);

/// <param name="Samples">0: not measured yet, the manifest's declaration stood in.</param>
public sealed record DecisionVariant(string Variant, string Digest, double QueueMsP95, double RunMsP95, int Waiting, long Samples, bool HasRun = false, bool Cold = false, double LoadMs = 0);

/// <param name="AskedMsP95">Time it took for the version when it was asked from here, with <paramref name="AskedSamples"/> behind it.</param>
public sealed record DecisionPeer(string Node, string Variant, string Digest, double QueueMsP95, double RunMsP95, double AskedMsP95 = 0, long AskedSamples = 0);

/// <param name="AskedMsP95">Time the server took for the version lately, with <paramref name="AskedSamples"/> behind it.</param>
public sealed record DecisionLink(
    string Name, Zone Zone, LinkHealth Health, double RoundTripMsP95, long Samples, DateTimeOffset Since, double Loss = 0, double AskedMsP95 = 0, long AskedSamples = 0);

/// <summary>What was decided.</summary>
/// <param name="Version">0 when none was found.</param>
/// <param name="Reason">A verdict and rule for each zone, as in every answer.</param>
/// <param name="Refusal">Set when nothing could be tried.</param>
public sealed record DecisionPlan(
    int Version,
    PrivacyCeiling Ceiling,
    RouteMode Mode,
    RouteObjective Objective,
    double Floor,
    string Reason,
    bool Degraded,
    bool EscalationLost,
    IReadOnlyList<DecisionAttempt> Attempts,
    string? CeilingRule = null,
    double? LatencyTargetMs = null,
    double? MaxCostMicrousd = null,
    FailureCode? Refusal = null);

/// <summary>One planned attempt and, where it was made, its end.</summary>
/// <param name="Ran">It was made.</param>
/// <param name="Confidence">Of its answer, where the version states a rule.</param>
/// <param name="Failure">Null when it answered, or was not made.</param>
public sealed record DecisionAttempt(
    Zone Zone,
    AttemptTarget Target,
    string Cell,
    string Node,
    string Variant,
    AttemptWhen When,
    string Rule,
    double PredictedMs,
    double CostMicrousd,
    bool Ran,
    double? Confidence = null,
    FailureCode? Failure = null);

/// <summary>How it ended. Times in milliseconds.</summary>
/// <param name="Zone">The zone that answered; null on failure.</param>
/// <param name="SpentMicrousd">Predicted cost of the attempts that answered.</param>
public sealed record DecisionOutcome(
    bool Escalated,
    bool Degraded,
    double SpentMicrousd,
    double RouteMs,
    double QueueMs,
    double HereMs,
    double LinkMs,
    double AboveMs,
    double TotalMs,
    Zone? Zone = null,
    string? Variant = null,
    double? Confidence = null,
    FailureCode? Failure = null);
