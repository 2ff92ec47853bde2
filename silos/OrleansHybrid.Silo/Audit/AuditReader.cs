using System.Runtime.CompilerServices;
using OrleansHybrid.Contracts;
using OrleansHybrid.Contracts.Audit;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Audit;

/// <summary>Reads the cell's audit log by segments, and checks it.</summary>
internal sealed class AuditReader(IGrainFactory grains, CellSettings cell)
{
    public Task<AuditBook> BookAsync(CancellationToken cancellationToken) => grains.GetAudit(cell.Cell).ReadAsync(cancellationToken);

    /// <summary>The segments from the one that holds the entry after a number, ascending, the tail last. A lost one is empty.</summary>
    public async IAsyncEnumerable<IReadOnlyList<AuditEntry>> UpAsync(AuditBook book, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var number = Math.Max(after / Limits.AuditSegmentEntries, book.OldestSegment); number < book.TailSegment; number++) yield return await SegmentAsync(number, cancellationToken);
        yield return book.Tail;
    }

    /// <summary>The segments from the one that holds the entry before a number, descending, the tail first.</summary>
    public async IAsyncEnumerable<IReadOnlyList<AuditEntry>> DownAsync(AuditBook book, long before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (before > book.Closed.Sequence + 1) yield return book.Tail;
        var first = Math.Min((before - 2) / Limits.AuditSegmentEntries, book.TailSegment - 1);
        for (var number = first; number >= book.OldestSegment && before > 1; number--) yield return await SegmentAsync(number, cancellationToken);
    }

    /// <summary>Checks everything behind a head, to the end that the book states.</summary>
    /// <param name="seen">Told each entry that was read.</param>
    public async Task<AuditVerdict> VerifyAsync(AuditBook book, AuditHead start, Action<AuditEntry> seen, CancellationToken cancellationToken)
    {
        var (head, skip) = (start, (int)(start.Sequence % Limits.AuditSegmentEntries));
        AuditBreak? broken = null;
        await foreach (var segment in UpAsync(book, start.Sequence, cancellationToken))
        {
            foreach (var entry in segment) seen(entry);
            var verdict = broken is null ? AuditChain.Verify(head, segment.Skip(skip)) : new AuditVerdict(head, broken);
            (head, broken, skip) = (verdict.Head, verdict.Break, 0);
        }

        return new AuditVerdict(head, broken ?? AuditChain.Compare(book.Head, head));
    }

    private Task<IReadOnlyList<AuditEntry>> SegmentAsync(long number, CancellationToken cancellationToken) =>
        grains.GetAuditSegment(new AuditSegmentKey(cell.Cell, number)).ReadAsync(cancellationToken);
}
