namespace OrleansHybrid.Domain.Audit;

/// <summary>What a cell keeps of its audit log beside the closed segments: where it begins, where the closed ones end, and the entries since.</summary>
/// <param name="Anchor">The last entry that was dropped; the origin while none was. A multiple of <see cref="Limits.AuditSegmentEntries"/>.</param>
/// <param name="Closed">The last entry of the last closed segment.</param>
/// <param name="Tail">The entries after it, at most one segment of them.</param>
/// <param name="OldestEnds">When the newest entry of the oldest closed segment was written; null: no segment is closed.</param>
[GenerateSerializer, Immutable, Alias("hybrid.audit-book")]
public sealed record AuditBook(
    [property: Id(0)] AuditHead Anchor,
    [property: Id(1)] AuditHead Closed,
    [property: Id(2)] IReadOnlyList<AuditEntry> Tail,
    [property: Id(3)] DateTimeOffset? OldestEnds)
{
    public static AuditBook Empty { get; } = new(AuditHead.Origin, AuditHead.Origin, [], null);

    public AuditHead Head => Tail.Count > 0 ? Tail[^1].Head : Closed;

    /// <summary>The segment that is dropped first.</summary>
    public long OldestSegment => Anchor.Sequence / Limits.AuditSegmentEntries;

    /// <summary>The segment that the tail becomes.</summary>
    public long TailSegment => Closed.Sequence / Limits.AuditSegmentEntries;
}

/// <summary>How the book grows, closes a segment and drops one. Pure; the caller stores a segment before the book that counts on it, and clears one after the book that does not.</summary>
public static class AuditBookRules
{
    public const string Keeper = "system audit";

    public static bool MustClose(AuditBook book) => book.Tail.Count >= Limits.AuditSegmentEntries;

    /// <summary>The tail as a closed segment.</summary>
    public static AuditBook Close(AuditBook book) => book with { Closed = book.Head, Tail = [], OldestEnds = book.OldestEnds ?? book.Tail[^1].At };

    /// <summary>Why the oldest closed segment goes; null: it stays.</summary>
    public static string? DropReason(AuditBook book, DateTimeOffset now, int entriesMax)
    {
        if (book.OldestEnds is not { } ends) return null;
        if (book.Head.Sequence - book.Anchor.Sequence >= entriesMax) return $"the log keeps {entriesMax} entries";
        return now - ends > Limits.AuditAgeMax ? $"the log keeps entries for {Limits.AuditAgeMax.TotalDays:0} days" : null;
    }

    /// <summary>The book without its oldest segment, and with an entry that says so.</summary>
    /// <param name="segment">What goes.</param>
    /// <param name="next">The segment after it; empty: it is the tail.</param>
    public static AuditBook Drop(AuditBook book, IReadOnlyList<AuditEntry> segment, IReadOnlyList<AuditEntry> next, string reason, string operation, DateTimeOffset now)
    {
        var last = book.Anchor.Sequence + Limits.AuditSegmentEntries;
        var anchor = segment.Count > 0 && segment[^1].Sequence == last ? segment[^1].Head : new AuditHead(last, AuditHead.Origin.Hash);
        var dropped = book with { Anchor = anchor, OldestEnds = next.Count > 0 ? next[^1].At : null };
        var change = new AuditChange(Keeper, AuditVerbs.AuditDropped, $"entries {book.Anchor.Sequence + 1}-{last}", $"anchor {book.Anchor.Hash}", $"anchor {anchor.Hash}", reason);
        return Append(dropped, change, operation, now).Book;
    }

    public static (AuditBook Book, AuditEntry Entry) Append(AuditBook book, AuditChange change, string operation, DateTimeOffset now)
    {
        var entry = AuditChain.Append(book.Head, change, operation, now);
        return (book with { Tail = [.. book.Tail, entry] }, entry);
    }
}

/// <summary>The answer to an append.</summary>
/// <param name="Repeated">The operation was written before; the entry is that one.</param>
[GenerateSerializer, Immutable, Alias("hybrid.audit-receipt")]
public sealed record AuditReceipt([property: Id(0)] AuditEntry Entry, [property: Id(1)] bool Repeated);
