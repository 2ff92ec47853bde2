namespace OrleansHybrid.Domain.Models;

/// <summary>How batches add up. Pure: the caller keeps what <see cref="Add"/> returns.</summary>
/// <remarks>
/// A batch is counted when it is later than the last one counted of its silo, by epoch, then sequence; so the same batch never counts twice and an
/// old silo's late batch never counts after its successor's. Rows and marks are one value: whoever stores it stores both or neither.
/// </remarks>
public static class VersionCountersRules
{
    public static (VersionCounters Next, CounterReceipt Receipt) Add(VersionCounters counters, CounterBatch batch, DateTimeOffset now)
    {
        var last = counters.Sources.FirstOrDefault(s => s.Silo == batch.Silo);
        if (last is not null && (batch.Epoch, batch.Sequence).CompareTo((last.Epoch, last.Sequence)) <= 0)
        {
            return (counters, new CounterReceipt(false, last.Epoch, last.Sequence));
        }

        var next = counters with
        {
            Rows = MergeRows(counters.Rows, batch.Rows),
            Sources = Mark(counters.Sources, new CounterSource(batch.Silo, batch.Epoch, batch.Sequence, now)),
        };
        return (next, new CounterReceipt(true, batch.Epoch, batch.Sequence));
    }

    private static VersionCounterRow[] MergeRows(IReadOnlyList<VersionCounterRow> rows, IReadOnlyList<VersionCounterRow> more) =>
        rows.Concat(more)
            .GroupBy(r => (r.Zone, r.Failure))
            .Select(g => g.Aggregate((left, right) => left.Plus(right)))
            .OrderBy(r => r.Zone).ThenBy(r => r.Failure)
            .ToArray();

    private static CounterSource[] Mark(IReadOnlyList<CounterSource> sources, CounterSource mark) =>
        sources.Where(s => s.Silo != mark.Silo)
            .OrderByDescending(s => s.At)
            .Take(Limits.CounterSourcesMax - 1)
            .Append(mark)
            .ToArray();
}
