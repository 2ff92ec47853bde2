using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Routing;

/// <summary>A server above, or a peer silo of the same cell, reached by the Open Inference Protocol.</summary>
/// <remarks>Its implementation holds the one ceiling guard: it refuses to serialise raw input that may not be in <see cref="UpstreamState.Zone"/>.</remarks>
public interface IUpstream
{
    UpstreamState State { get; }

    /// <summary>Borrows the request's leases until the call returns. Never throws for an expected failure.</summary>
    ValueTask<UpstreamOutcome> InferAsync(UpstreamRequest request, CancellationToken cancellationToken);
}

/// <summary>What a planner may know of a link: immutable, replaced whole.</summary>
/// <param name="Name">The cell above (or the peer's node) once known, else the address.</param>
/// <param name="Zone">The zone of its answers, from the server's own metadata, else cloud for an upstream.</param>
/// <param name="RoundTripMsP95">Of the link alone; 0 before the first sample.</param>
/// <param name="Since">When <paramref name="Health"/> last changed.</param>
public sealed record UpstreamState(string Name, string Address, Zone Zone, LinkHealth Health, double RoundTripMsP95, long Samples, DateTimeOffset Since)
{
    /// <summary>Share of probes and calls lost lately while the link was in use, in [0, 1]; 0 before enough of them.</summary>
    public double Loss { get; init; }

    /// <summary>Why the last probe of a link that is down got no answer; empty: the link is not down, or nobody knows.</summary>
    public string Problem { get; init; } = "";

    /// <summary>The round trip with its repetitions: a share <see cref="Loss"/> of the attempts is lost, so 1 / (1 − loss) of them are expected.</summary>
    public double ExpectedMsP95 => RoundTripMsP95 / (1 - Math.Min(Loss, Limits.LinkLossMax));
}

public enum LinkHealth
{
    /// <summary>Not tried yet: may be used.</summary>
    Unknown,
    Up,

    /// <summary>Failed: not used until a probe succeeds.</summary>
    Down,

    /// <summary>Cut on purpose for a trial.</summary>
    Cut,
}

/// <param name="Ceiling">The effective ceiling, settled below.</param>
/// <param name="Rule">The rule that allows the crossing, for the egress record.</param>
/// <param name="TimeLeft">What is left of the deadline.</param>
/// <param name="SameZone">A peer silo of this cell: the zone does not change and no egress record is left.</param>
public sealed record UpstreamRequest(
    string RequestId,
    string Model,
    int Version,
    IReadOnlyList<Tensor> Inputs,
    IReadOnlyList<string> Outputs,
    PrivacyCeiling Ceiling,
    string Rule,
    double? ConfidenceFloor,
    long? MaxCostMicrousd,
    IReadOnlyDictionary<string, string> Tags,
    IReadOnlyList<string> Hops,
    string Tenant,
    TimeSpan TimeLeft,
    bool SameZone,
    int Priority = 0);

/// <summary>An answer from above or a failure.</summary>
/// <param name="Provenance">Null when the server above is a foreign one that states none.</param>
/// <param name="Confidence">As the server above stated it; null for a foreign server: computed below from the manifest.</param>
/// <param name="Reason">The server above's own reason; empty for a foreign one.</param>
/// <param name="RoundTrip">The whole call.</param>
/// <param name="Above">Time the server above reported for itself; zero when unknown.</param>
public sealed record UpstreamOutcome(
    IReadOnlyList<Tensor> Outputs,
    InferenceFailure? Failure,
    Provenance? Provenance,
    string? Label,
    double? Confidence,
    bool Escalated,
    bool Degraded,
    string Reason,
    TimeSpan RoundTrip,
    TimeSpan Above);
