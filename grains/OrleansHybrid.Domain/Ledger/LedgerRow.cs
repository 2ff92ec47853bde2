using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Ledger;

/// <summary>What one tenant's requests cost in one hour, zone and variant.</summary>
/// <param name="From">Begin of the hour, or of the day once hours were merged (UTC).</param>
/// <param name="IsDay">The row holds a whole day.</param>
/// <param name="Zone">Where a request was answered, a run happened, or bytes were sent to.</param>
/// <param name="RevisionMin">The oldest policy revision by whose prices the row was booked; 0: none was in force.</param>
[GenerateSerializer, Immutable, Alias("hybrid.ledger-row")]
public sealed record LedgerRow(
    [property: Id(0)] DateTimeOffset From,
    [property: Id(1)] bool IsDay,
    [property: Id(2)] Zone Zone,
    [property: Id(3)] string Model,
    [property: Id(4)] int Version,
    [property: Id(5)] string Variant,
    [property: Id(6)] long RevisionMin,
    [property: Id(7)] long RevisionMax,
    [property: Id(8)] LedgerFigures Figures)
{
    public LedgerRow Plus(LedgerRow other) => this with
    {
        RevisionMin = Math.Min(RevisionMin, other.RevisionMin),
        RevisionMax = Math.Max(RevisionMax, other.RevisionMax),
        Figures = Figures + other.Figures,
    };
}

/// <summary>One line of a batch: what one silo booked since its last one, by the prices of one revision.</summary>
[GenerateSerializer, Immutable, Alias("hybrid.ledger-entry")]
public sealed record LedgerEntry([property: Id(0)] LedgerKey Key, [property: Id(1)] LedgerFigures Figures);

/// <summary>Where a figure belongs within a tenant's ledger.</summary>
/// <param name="Model">A model of the repository, else <see cref="LedgerNames.UnknownModel"/>.</param>
/// <param name="Variant">Empty where no variant answered.</param>
/// <param name="Revision">The policy revision whose prices hold.</param>
[GenerateSerializer, Immutable, Alias("hybrid.ledger-key")]
public readonly record struct LedgerKey(
    [property: Id(0)] Zone Zone,
    [property: Id(1)] string Model,
    [property: Id(2)] int Version,
    [property: Id(3)] string Variant,
    [property: Id(4)] long Revision);

/// <summary>What one silo booked for one tenant since its last batch. Sent again, unchanged, until it is answered.</summary>
/// <param name="At">When it was closed, by the silo's clock: the hour of its rows.</param>
[GenerateSerializer, Immutable, Alias("hybrid.ledger-batch")]
public sealed record LedgerBatch(
    [property: Id(0)] string Silo,
    [property: Id(1)] long Epoch,
    [property: Id(2)] long Sequence,
    [property: Id(3)] DateTimeOffset At,
    [property: Id(4)] IReadOnlyList<LedgerEntry> Entries);

/// <summary>One tenant's ledger in this cell.</summary>
/// <param name="Sources">The last batch booked of each silo: what makes a repeated batch harmless.</param>
[GenerateSerializer, Immutable, Alias("hybrid.ledger-book")]
public sealed record LedgerBook([property: Id(0)] IReadOnlyList<LedgerRow> Rows, [property: Id(1)] IReadOnlyList<CounterSource> Sources)
{
    public static LedgerBook Empty { get; } = new([], []);

    /// <summary>When the last batch was booked; null before any.</summary>
    public DateTimeOffset? LastBatch => Sources.Count == 0 ? null : Sources.Max(s => s.At);
}
