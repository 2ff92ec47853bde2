namespace OrleansHybrid.Domain.Audit;

/// <summary>One line of the audit log, chained to the one before it.</summary>
/// <param name="Sequence">From 1, without gaps.</param>
/// <param name="At">By the clock of the silo that wrote it, UTC; order is told by the sequence alone.</param>
/// <param name="Operation">The caller's id of the change: the same twice is written once.</param>
/// <param name="Previous">The hash of the entry before it; of the first: <see cref="AuditHead.Origin"/>'s.</param>
/// <param name="Hash">SHA-256 over <see cref="AuditBytes.Of"/>, lower-case hex.</param>
[GenerateSerializer, Immutable, Alias("hybrid.audit-entry")]
public sealed record AuditEntry(
    [property: Id(0)] long Sequence,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] string Operation,
    [property: Id(3)] AuditChange Change,
    [property: Id(4)] string Previous,
    [property: Id(5)] string Hash)
{
    public AuditHead Head => new(Sequence, Hash);
}

/// <summary>A place in the chain: an entry by its number and hash. Who knows a head knows whether everything up to it is still what it was.</summary>
[GenerateSerializer, Immutable, Alias("hybrid.audit-head")]
public sealed record AuditHead([property: Id(0)] long Sequence, [property: Id(1)] string Hash)
{
    /// <summary>Before the first entry: 64 zeros.</summary>
    public static AuditHead Origin { get; } = new(0, new string('0', 64));
}
