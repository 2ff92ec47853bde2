namespace OrleansHybrid.Domain.Models;

/// <summary>What a version did in this cell: counts by zone and outcome, since <paramref name="Since"/>.</summary>
/// <param name="Sources">The last batch counted of each silo: what makes a repeated batch harmless.</param>
[GenerateSerializer, Immutable, Alias("hybrid.version-counters")]
public sealed record VersionCounters(
    [property: Id(0)] DateTimeOffset Since,
    [property: Id(1)] IReadOnlyList<VersionCounterRow> Rows,
    [property: Id(2)] IReadOnlyList<CounterSource> Sources)
{
    public static VersionCounters StartingAt(DateTimeOffset now) => new(now, [], []);

    public long Requests => Rows.Sum(r => r.Requests);

    /// <summary>Times of all answered requests.</summary>
    public LatencySketch AnsweredLatency => Rows.Where(r => r.Failure is null).Aggregate(LatencySketch.Empty, (all, row) => all.Merge(row.Latency));
}

/// <summary>Requests of one zone with one outcome.</summary>
/// <param name="Zone">Where the answer was computed; for a failure, the zone of the cell that counted it.</param>
/// <param name="Failure">Null: answered.</param>
/// <param name="Latency">The whole request as its cell saw it.</param>
[GenerateSerializer, Immutable, Alias("hybrid.version-counter-row")]
public sealed record VersionCounterRow(
    [property: Id(0)] Zone Zone,
    [property: Id(1)] FailureCode? Failure,
    [property: Id(2)] long Requests,
    [property: Id(3)] long Escalated,
    [property: Id(4)] long Degraded,
    [property: Id(5)] LatencySketch Latency)
{
    public VersionCounterRow Plus(VersionCounterRow other) => this with
    {
        Requests = Requests + other.Requests,
        Escalated = Escalated + other.Escalated,
        Degraded = Degraded + other.Degraded,
        Latency = Latency.Merge(other.Latency),
    };
}

/// <summary>The last batch counted of one silo.</summary>
[GenerateSerializer, Immutable, Alias("hybrid.counter-source")]
public sealed record CounterSource(
    [property: Id(0)] string Silo, [property: Id(1)] long Epoch, [property: Id(2)] long Sequence, [property: Id(3)] DateTimeOffset At);

/// <summary>What one silo counted of one version since its last batch.</summary>
/// <param name="Epoch">Grows at each start of the silo; with <paramref name="Sequence"/> it tells a repeated batch from a new one.</param>
/// <param name="Sequence">Grows by batch of this version; a batch is sent again, unchanged, until it was answered.</param>
[GenerateSerializer, Immutable, Alias("hybrid.counter-batch")]
public sealed record CounterBatch(
    [property: Id(0)] string Silo,
    [property: Id(1)] long Epoch,
    [property: Id(2)] long Sequence,
    [property: Id(3)] IReadOnlyList<VersionCounterRow> Rows);

/// <summary>The answer to a batch: what is counted up to now of its silo.</summary>
/// <param name="Counted">This call counted it. False: it was counted before, or its epoch is over.</param>
/// <param name="Epoch">The highest epoch known of the silo. Higher than the batch's when the silo's clock went back between two starts: it goes on from there.</param>
[GenerateSerializer, Immutable, Alias("hybrid.counter-receipt")]
public sealed record CounterReceipt([property: Id(0)] bool Counted, [property: Id(1)] long Epoch, [property: Id(2)] long Sequence);
