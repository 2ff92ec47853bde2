using CsCheck;
using OrleansHybrid.Domain.Ledger;

namespace OrleansHybrid.Domain.Tests.Ledger;

/// <summary>Batches, books and figures that the tests are made of.</summary>
internal static class LedgerSample
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    public static readonly Gen<LedgerFigures> Figures = Gen.Long[0, 1_000_000].Array[11].Select(n =>
        new LedgerFigures(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10]));

    public static readonly Gen<LedgerKey> Keys = Gen.Select(
        Gen.Enum<Zone>(), Gen.Int[0, 1].Select(i => i == 0 ? "keyword" : "vibration"), Gen.Int[1, 2], Gen.Int[0, 2].Select(i => new[] { "", "tiny", "large" }[i]), Gen.Long[0, 3],
        (zone, model, version, variant, revision) => new LedgerKey(zone, model, version, variant, revision));

    public static readonly Gen<LedgerEntry[]> Entries = Gen.Select(Keys, Figures, (k, f) => new LedgerEntry(k, f)).Array[0, 6];

    public static LedgerBatch Batch(long epoch, long sequence, DateTimeOffset at, params LedgerEntry[] entries) => new("n1", epoch, sequence, at, entries);

    public static LedgerEntry Entry(long requests, string model = "keyword", long revision = 1) =>
        new(new LedgerKey(Zone.Edge, model, 1, "tiny", revision), new LedgerFigures(requests, 0, requests, requests * 10, 0, 0, 0, 0, requests * 100, 0, 0));

    public static LedgerFigures Sum(IEnumerable<LedgerFigures> figures) => figures.Aggregate(default(LedgerFigures), (sum, f) => sum + f);

    public static LedgerFigures Sum(LedgerBook book) => Sum(book.Rows.Select(r => r.Figures));
}
