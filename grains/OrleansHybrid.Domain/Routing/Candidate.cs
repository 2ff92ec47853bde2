using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Routing;

/// <summary>One place that could answer for a version: a variant of the engine here, of a peer, or above. Made by <see cref="SnapshotBuilder"/>, immutable.</summary>
/// <param name="Address">Where a peer or an upstream is reached; empty for the engine here.</param>
/// <param name="RunMs">Time at the place itself, milliseconds; for a measured upstream with its queue.</param>
/// <param name="LinkMs">Round trip of the link with its expected repetitions, milliseconds; 0 when unknown.</param>
/// <param name="Measured">False: <paramref name="RunMs"/> is the manifest's declaration.</param>
/// <param name="Excluded">The rule that rules it out at this moment whatever the request, or none.</param>
/// <param name="Provenance">Behind an answer of this candidate when the answer itself states none.</param>
public sealed record Candidate(
    AttemptTarget Target,
    Zone Zone,
    string Cell,
    string Node,
    string Address,
    VariantKey Variant,
    double QueueMs,
    double RunMs,
    double LinkMs,
    bool Measured,
    double RunCostMicrousd,
    double WanCostPerKib,
    RuleCode Excluded,
    DateTimeOffset LinkSince,
    Provenance Provenance)
{
    /// <summary>It is in memory and has answered, so that the next request pays for no load and no first run.</summary>
    public bool Warm { get; init; }

    /// <summary>What the next request waits for while the variant is loaded again, milliseconds; 0 when it is in memory.</summary>
    public double LoadMs { get; init; }

    /// <summary>What a request waits for before its run starts, milliseconds.</summary>
    public double WaitMs => QueueMs + LoadMs;

    /// <summary>One round trip of the link, milliseconds; 0 when unknown.</summary>
    public double RoundTripMs { get; init; }

    /// <summary>Predicted p95 of zone and link, milliseconds.</summary>
    public double PredictedMs => QueueMs + LoadMs + RunMs + LinkMs;

    /// <summary>Predicted cost of one answer, micro-USD.</summary>
    public double CostOf(long inputBytes) => RunCostMicrousd + (WanCostPerKib * inputBytes / 1024);
}
