using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Why a record cannot be planned again.</summary>
public enum NotReplayed
{
    /// <summary>A rule of the draft asks for a tag that the record does not show, and some were withheld.</summary>
    WithheldTags,

    /// <summary>The catalogue has no such version any more.</summary>
    VersionGone,

    /// <summary>The version has other files than it had then.</summary>
    ManifestChanged,
}

/// <summary>What a draft policy would have done with the requests of the past. Counts of requests are weighted: a sampled record stands for many.</summary>
/// <param name="Records">Records that were read.</param>
/// <param name="Replayed">Of them, those that were planned again; the rest are in <paramref name="NotReplayed"/>.</param>
/// <param name="Requests">Requests that the replayed records stand for.</param>
/// <param name="Changed">Requests whose reason is another.</param>
public sealed record ReplayReport(
    string Policy,
    long PolicyRevision,
    int Records,
    int Replayed,
    IReadOnlyDictionary<NotReplayed, int> NotReplayed,
    double Requests,
    double Changed,
    IReadOnlyList<ReplayZone> Zones,
    ReplayChange<double> LatencyMsP50,
    ReplayChange<double> LatencyMsP95,
    ReplayChange<double> CostMicrousd,
    ReplayCeilings Ceilings,
    double RefusalsNew,
    double RefusalsGone,
    IReadOnlyList<ReplayExample> Examples);

/// <param name="Zone">The zone that answers; <c>refused</c>: nothing could be tried; <c>failed</c>: what was tried failed.</param>
public sealed record ReplayZone(string Zone, double Before, double After);

public sealed record ReplayChange<T>(T Before, T After);

/// <param name="Laxer">Requests whose ceiling under the draft is above the one that was in force.</param>
/// <param name="CrossingsNew">Requests whose input would leave the zone and did not.</param>
public sealed record ReplayCeilings(double Laxer, double Stricter, double CrossingsNew, double CrossingsGone);

/// <param name="What">What changes, the gravest first: <c>ceiling_laxer</c>, <c>crossing_new</c>, <c>refusal_new</c>, <c>refusal_gone</c>, <c>crossing_gone</c>, <c>ceiling_stricter</c>, <c>zone</c>, <c>reason</c>.</param>
public sealed record ReplayExample(
    DateTimeOffset At, string RequestId, string Model, string Tenant, IReadOnlyList<string> What, ReplaySide Before, ReplaySide After);

public sealed record ReplaySide(PrivacyCeiling Ceiling, string Zone, string Reason, double PredictedMs, double CostMicrousd);
