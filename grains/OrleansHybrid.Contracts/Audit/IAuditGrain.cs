using OrleansHybrid.Domain.Audit;

namespace OrleansHybrid.Contracts.Audit;

/// <summary>A cell's audit log. Key: the cell. Only changes pass it, no request.</summary>
[Alias("hybrid.audit"), GrainInterfaceType("hybrid.audit")]
public interface IAuditGrain : IGrainWithStringKey
{
    /// <summary>Writes one entry; when this returns it is stored. The same operation again, sent after an answer was lost, is written once.</summary>
    [Alias("append")]
    Task<AuditReceipt> AppendAsync(AuditChange change, string operation, CancellationToken cancellationToken);

    /// <summary>Anchor, end and tail as the store has them now, not as this activation remembers them.</summary>
    [Alias("read")]
    Task<AuditBook> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>One closed segment of a cell's audit log. Key: <see cref="AuditSegmentKey"/>. Written once.</summary>
[Alias("hybrid.audit-segment"), GrainInterfaceType("hybrid.audit-segment")]
public interface IAuditSegmentGrain : IGrainWithStringKey
{
    /// <summary>Stores the segment. Another activation may have stored the same entries before: that is no conflict.</summary>
    [Alias("write")]
    Task WriteAsync(IReadOnlyList<AuditEntry> entries, CancellationToken cancellationToken);

    /// <summary>Ascending; empty when it was dropped, or lost.</summary>
    [Alias("read")]
    Task<IReadOnlyList<AuditEntry>> ReadAsync(CancellationToken cancellationToken);

    [Alias("drop")]
    Task DropAsync(CancellationToken cancellationToken);
}

/// <param name="Number">From 0: entries 1 to 100 are segment 0.</param>
public readonly record struct AuditSegmentKey(string Cell, long Number)
{
    public override string ToString() => FormattableString.Invariant($"{Cell}/{Number}");
}
