namespace OrleansHybrid.Domain.Nodes;

/// <summary>One check-in of a node, authenticated.</summary>
/// <param name="Report">Null: nothing changed since the report of <paramref name="UnchangedSince"/>.</param>
/// <param name="Judged">The twin has taken it: the shard takes it too.</param>
[GenerateSerializer, Immutable, Alias("hybrid.node-check-in")]
public sealed record NodeCheckIn(
    [property: Id(0)] NodeKey Key,
    [property: Id(1)] NodeInstance Instance,
    [property: Id(2)] long Epoch,
    [property: Id(3)] long Sequence,
    [property: Id(4)] long DocumentsRevision,
    [property: Id(5)] NodeReport? Report,
    [property: Id(6)] long UnchangedSince,
    [property: Id(7)] bool Judged = false)
{
    /// <summary>Of the node's join token, as its twin knows them; with <see cref="Judged"/> alone.</summary>
    [Id(8)] public IReadOnlyDictionary<string, string> Labels { get; init; } = NodeIdentity.None.Labels;
}

public enum CheckInVerdict
{
    Accepted,

    /// <summary>A later report is known: the outcome says which.</summary>
    OutOfOrder,

    /// <summary>Nothing is known that "unchanged" could mean.</summary>
    ReportWanted,

    /// <summary>The report is new to the shard: the twin has to take it first.</summary>
    TwinWanted,

    /// <summary>Another copy of the same identity is at work.</summary>
    RefusedCopy,

    /// <summary>The credential was replaced or revoked, or the shard is full: the reason says which.</summary>
    Refused,
}

/// <summary>The answer to a check-in.</summary>
/// <param name="Epoch">With <paramref name="Sequence"/> what is known now; the caller goes on above it.</param>
/// <param name="Next">When to call again; the caller spreads it.</param>
/// <param name="Silence">How long the known run of the node has been silent before this call; for the twin.</param>
/// <param name="Reason">Why it was refused; empty otherwise.</param>
[GenerateSerializer, Immutable, Alias("hybrid.check-in-outcome")]
public sealed record CheckInOutcome(
    [property: Id(0)] CheckInVerdict Verdict,
    [property: Id(1)] long Epoch,
    [property: Id(2)] long Sequence,
    [property: Id(3)] TimeSpan Next,
    [property: Id(4)] TimeSpan Silence,
    [property: Id(5)] string Reason = "")
{
    /// <summary>Of the node's join token; from the twin alone.</summary>
    [Id(6)] public IReadOnlyDictionary<string, string> Labels { get; init; } = NodeIdentity.None.Labels;

    /// <summary>The run was let in although it does not follow the known one: restored from a backup.</summary>
    [Id(7)] public bool Restored { get; init; }
}
