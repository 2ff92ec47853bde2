using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Ledger;

/// <summary>How batches add up and how a book stays small. Pure: the caller stores what <see cref="Add"/> returns, then answers.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>A batch is booked when it is later than the last one of its silo, by epoch, then sequence: once, however often it is sent.</item>
/// <item>Rows and marks are one value: whoever stores it stores both or neither.</item>
/// <item>A batch from the future, or from before what is kept, is booked now: a clock that is wrong makes no hours of its own and loses nothing.</item>
/// <item>Hours older than <see cref="Limits.LedgerHoursKept"/> become days; days older than <see cref="Limits.LedgerAgeMax"/> go.</item>
/// <item>A book that is too long merges its oldest rows over models. No figure is lost by that.</item>
/// </list>
/// </remarks>
public static class LedgerRules
{
    public static (LedgerBook Next, CounterReceipt Receipt) Add(LedgerBook book, LedgerBatch batch, DateTimeOffset now)
    {
        var last = book.Sources.FirstOrDefault(s => s.Silo == batch.Silo);
        if (last is not null && (batch.Epoch, batch.Sequence).CompareTo((last.Epoch, last.Sequence)) <= 0)
        {
            return (book, new CounterReceipt(false, last.Epoch, last.Sequence));
        }

        var hour = HourOf(batch.At < now && now - batch.At < Limits.LedgerAgeMax ? batch.At : now);
        var rows = Merge(book.Rows.Concat(batch.Entries.Select(e => RowOf(e, hour))));
        var next = new LedgerBook(Compact(rows, now), Mark(book.Sources, new CounterSource(batch.Silo, batch.Epoch, batch.Sequence, now)));
        return (next, new CounterReceipt(true, batch.Epoch, batch.Sequence));
    }

    public static DateTimeOffset HourOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    private static DateTimeOffset DayOf(DateTimeOffset at) => new(at.UtcDateTime.Date, TimeSpan.Zero);

    private static LedgerRow RowOf(LedgerEntry entry, DateTimeOffset hour) =>
        new(hour, false, entry.Key.Zone, entry.Key.Model, entry.Key.Version, entry.Key.Variant, entry.Key.Revision, entry.Key.Revision, entry.Figures);

    private static LedgerRow[] Merge(IEnumerable<LedgerRow> rows) =>
        rows.GroupBy(r => (r.From, r.IsDay, r.Zone, r.Model, r.Version, r.Variant))
            .Select(g => g.Aggregate((left, right) => left.Plus(right)))
            .OrderBy(r => r.From).ThenBy(r => r.Zone).ThenBy(r => r.Model, StringComparer.Ordinal)
            .ToArray();

    private static LedgerRow[] Compact(LedgerRow[] rows, DateTimeOffset now)
    {
        var (hours, days) = (now - Limits.LedgerHoursKept, now - Limits.LedgerAgeMax);
        if (rows.Any(r => r.From < days || (r.From < hours && !r.IsDay)))
        {
            rows = Merge(rows.Where(r => r.From >= days).Select(r => r.From < hours && !r.IsDay ? r with { From = DayOf(r.From), IsDay = true } : r));
        }

        return rows.Length <= Limits.LedgerRowsPerTenantMax ? rows : Fold(rows);
    }

    /// <summary>Merges the oldest rows over models, a tenth more than needed so that not every batch folds again.</summary>
    private static LedgerRow[] Fold(LedgerRow[] rows)
    {
        var surplus = rows.Length - (Limits.LedgerRowsPerTenantMax * 9 / 10);
        return Merge(rows.Select((r, i) => i < surplus
            ? r with { From = DayOf(r.From), IsDay = true, Model = LedgerNames.Other, Version = 0, Variant = "" }
            : r));
    }

    private static CounterSource[] Mark(IReadOnlyList<CounterSource> sources, CounterSource mark) =>
        sources.Where(s => s.Silo != mark.Silo)
            .OrderByDescending(s => s.At)
            .Take(Limits.CounterSourcesMax - 1)
            .Append(mark)
            .ToArray();
}
