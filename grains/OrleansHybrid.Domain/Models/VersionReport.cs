namespace OrleansHybrid.Domain.Models;

/// <summary>A version's counters as a reader sees them, with their age.</summary>
/// <param name="MsP50">Of answered requests, milliseconds; null when none was answered.</param>
/// <param name="LastBatch">When a silo last reported; null when none did.</param>
[GenerateSerializer, Immutable, Alias("hybrid.version-report")]
public sealed record VersionReport(
    [property: Id(0)] ModelVersionKey Key,
    [property: Id(1)] VersionCounters Counters,
    [property: Id(2)] double? MsP50,
    [property: Id(3)] double? MsP95,
    [property: Id(4)] double? MsP99,
    [property: Id(5)] DateTimeOffset? LastBatch)
{
    public static VersionReport Of(ModelVersionKey key, VersionCounters counters)
    {
        var latency = counters.AnsweredLatency;
        DateTimeOffset? lastBatch = counters.Sources.Count == 0 ? null : counters.Sources.Max(s => s.At);
        return new VersionReport(key, counters, latency.Quantile(0.50), latency.Quantile(0.95), latency.Quantile(0.99), lastBatch);
    }
}
