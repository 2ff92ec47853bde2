using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Grains.Models;

/// <summary>What this silo counted of one version since its last batch. Counting is a few interlocked additions; draining takes everything counted.</summary>
internal sealed class VersionCounterCell
{
    private static readonly int Outcomes = 1 + Enum.GetValues<FailureCode>().Length;
    private readonly Counter?[] counters = new Counter?[Zones.AllNames.Count * Outcomes];

    public void Count(Zone zone, InferenceResult result, TimeSpan total)
    {
        var index = ((int)zone * Outcomes) + (result.Failure is { } failure ? 1 + (int)failure.Code : 0);
        var counter = Volatile.Read(ref counters[index]) ?? Create(index);
        Interlocked.Increment(ref counter.Requests);
        if (result.Response is { Escalated: true }) Interlocked.Increment(ref counter.Escalated);
        if (result.Response is { Degraded: true }) Interlocked.Increment(ref counter.Degraded);
        counter.Latency.Add(total);
    }

    /// <summary>A request that ends meanwhile may leave one of its figures for the next batch; none is lost and none comes twice.</summary>
    public IReadOnlyList<VersionCounterRow> Drain()
    {
        var rows = new List<VersionCounterRow>();
        for (var i = 0; i < counters.Length; i++)
        {
            if (Volatile.Read(ref counters[i])?.Drain((Zone)(i / Outcomes), OutcomeOf(i % Outcomes)) is { } row) rows.Add(row);
        }

        return rows;
    }

    private static FailureCode? OutcomeOf(int outcome) => outcome == 0 ? null : (FailureCode)(outcome - 1);

    private Counter Create(int index)
    {
        var created = new Counter();
        return Interlocked.CompareExchange(ref counters[index], created, null) ?? created;
    }

    private sealed class Counter
    {
        public long Requests;
        public long Escalated;
        public long Degraded;

        public LatencySketchRecorder Latency { get; } = new();

        public VersionCounterRow? Drain(Zone zone, FailureCode? failure)
        {
            var requests = Interlocked.Exchange(ref Requests, 0);
            var escalated = Interlocked.Exchange(ref Escalated, 0);
            var degraded = Interlocked.Exchange(ref Degraded, 0);
            var latency = Latency.Drain();
            return requests == 0 && escalated == 0 && degraded == 0 && latency.Count == 0
                ? null
                : new VersionCounterRow(zone, failure, requests, escalated, degraded, latency);
        }
    }
}
