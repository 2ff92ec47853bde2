using System.Diagnostics.Metrics;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Grains.Routing;
using OrleansHybrid.Silo.Telemetry;

namespace OrleansHybrid.Silo.Policies;

/// <summary>A policy that this silo was given and does not apply.</summary>
/// <param name="Source">The file, or the cell's store.</param>
/// <param name="Since">When it was refused first.</param>
internal sealed record PolicyRefusal(string Source, DateTimeOffset Since, string Digest, IReadOnlyList<ManifestError> Errors);

/// <summary>Tells of refused policies: in the log once for each text, in a counter, and to <c>GET /v1/policies</c> as long as the text is there.</summary>
internal sealed partial class PolicyRefusals
{
    private readonly ILogger log;
    private readonly Counter<long> refused;
    private PolicyRefusal? current;

    public PolicyRefusals(IMeterFactory meters, PolicyHolder holder, ILogger<PolicyRefusals> log)
    {
        this.log = log;
        var meter = meters.Create(BoxMetrics.MeterName);
        refused = meter.CreateCounter<long>("hybrid_policy_refused", null, "Policies that were refused, from a file, from the API or from the cell's store.");
        meter.CreateObservableGauge("hybrid_policy_revision", () => holder.Current.Revision, null, "Revision of the policy that this silo applies; 0 without one.");
    }

    public PolicyRefusal? Current => Volatile.Read(ref current);

    public void Count() => refused.Add(1);

    public void Refuse(PolicyRefusal refusal, long serving)
    {
        if (Current is { } known && known.Source == refusal.Source && known.Digest == refusal.Digest) return;
        Count();
        Volatile.Write(ref current, refusal);
        LogRefused(log, refusal.Source, refusal.Errors.Count, serving);
        foreach (var error in refusal.Errors) LogError(log, error.Render(refusal.Source));
    }

    /// <summary>What the source holds now is fine.</summary>
    public void Clear(string source)
    {
        if (Current is { } known && known.Source == source) Volatile.Write(ref current, null);
    }

    [LoggerMessage(LogLevel.Error, "The policy of {Source} is refused, with {Count} errors. Revision {Serving} keeps serving.")]
    private static partial void LogRefused(ILogger log, string source, int count, long serving);

    [LoggerMessage(LogLevel.Error, "{Error}")]
    private static partial void LogError(ILogger log, string error);
}
