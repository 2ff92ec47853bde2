namespace OrleansHybrid.Domain.Audit;

/// <summary>How the audit log grows and how it is checked. Pure.</summary>
/// <remarks>
/// Rules kept here: an entry's number is one above the one before it; it carries that one's hash; its own hash is over all its fields. So a changed, removed, reordered,
/// inserted or repeated entry breaks the chain at a number that is named. A tail that was cut off, or a chain that was written anew with right hashes, breaks nothing inside:
/// it is found by a head that was remembered elsewhere (<see cref="Compare"/>), as each silo does. Checking goes on from segment to segment by the head that the last verdict gives.
/// </remarks>
public static class AuditChain
{
    /// <summary>The entry after a head. The change is brought into its bounds first.</summary>
    public static AuditEntry Append(AuditHead head, AuditChange change, string operation, DateTimeOffset at)
    {
        var entry = new AuditEntry(head.Sequence + 1, at.ToUniversalTime(), AuditText.Fit(operation, Limits.AuditNameCharsMax), AuditText.Fit(change), head.Hash, "");
        return entry with { Hash = AuditBytes.HashOf(entry)! };
    }

    /// <summary>Checks that the entries follow each other and the anchor.</summary>
    /// <param name="anchor">The head before the first of them: the origin, or the last entry of what was dropped.</param>
    public static AuditVerdict Verify(AuditHead anchor, IEnumerable<AuditEntry> entries)
    {
        var head = anchor;
        foreach (var entry in entries)
        {
            if (Fault(head, entry) is { } fault) return new AuditVerdict(head, new AuditBreak(head.Sequence + 1, fault));
            head = entry.Head;
        }

        return new AuditVerdict(head, null);
    }

    /// <summary>Checks the entries and that they reach exactly to the head.</summary>
    public static AuditVerdict Verify(AuditHead anchor, IEnumerable<AuditEntry> entries, AuditHead head)
    {
        var verdict = Verify(anchor, entries);
        return verdict.Break is null && Compare(head, verdict.Head) is { } broken ? verdict with { Break = broken } : verdict;
    }

    /// <summary>What a remembered head says about the log; null: they agree.</summary>
    /// <param name="remembered">The last entry that somebody knew.</param>
    /// <param name="found">The log's entry of that number, or its last one when it has none of that number.</param>
    public static AuditBreak? Compare(AuditHead remembered, AuditHead found)
    {
        if (found.Sequence < remembered.Sequence) return new AuditBreak(found.Sequence + 1, $"the log ends at entry {found.Sequence}; entry {remembered.Sequence} was known: its end was cut off, or its store is an older copy");
        if (found.Sequence > remembered.Sequence) return new AuditBreak(remembered.Sequence + 1, $"the log has entry {found.Sequence}; its end was known to be entry {remembered.Sequence}: something was added behind it");
        return found.Hash == remembered.Hash ? null : new AuditBreak(found.Sequence, $"entry {found.Sequence} has another hash than the one that was known: the log was written anew");
    }

    private static string? Fault(AuditHead head, AuditEntry entry)
    {
        if (entry.Sequence != head.Sequence + 1) return $"entry {head.Sequence + 1} was expected; entry {entry.Sequence} came: one is missing, added or out of place";
        if (entry.Previous != head.Hash) return $"entry {entry.Sequence} does not follow the one before it: its previous hash is not that one's";
        return AuditBytes.HashOf(entry) == entry.Hash ? null : $"entry {entry.Sequence} was altered: its hash is not that of its fields";
    }
}

/// <summary>Where a log is no longer what was written.</summary>
/// <param name="From">The first sequence that cannot be relied on.</param>
/// <param name="Reason">What was expected and what was found, a sentence without its full stop.</param>
[GenerateSerializer, Immutable, Alias("hybrid.audit-break")]
public sealed record AuditBreak([property: Id(0)] long From, [property: Id(1)] string Reason);

/// <param name="Head">The last entry that holds.</param>
/// <param name="Break">Null: all entries hold.</param>
public sealed record AuditVerdict(AuditHead Head, AuditBreak? Break);
