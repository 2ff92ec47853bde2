using CsCheck;
using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using Xunit;
using static OrleansHybrid.Domain.Tests.Ledger.LedgerSample;

namespace OrleansHybrid.Domain.Tests.Ledger;

public sealed class LedgerQueriesTests
{
    private static readonly Gen<LedgerColumn[]> Columns = Gen.Enum<LedgerColumn>().Array[1, 6];

    [Fact]
    public void Totals_are_the_same_however_rows_are_grouped() => Gen.Select(Entries.Array[1, 5], Columns).Sample((tenants, columns) =>
    {
        var books = tenants.Select((t, i) => ($"t{i}", LedgerRules.Add(LedgerBook.Empty, Batch(1, 1, Start, t), Start).Next)).ToArray();

        var answer = Ask(books, columns);

        Assert.Equal(Sum(tenants.SelectMany(t => t).Select(e => e.Figures)), LedgerQueries.Total(answer));
        Assert.Equal(answer.Totals.Count, answer.Totals.Select(t => t.Group).Distinct().Count());
    });

    [Fact]
    public void Zone_totals_equal_the_sums_of_their_tenants() => Entries.Array[1, 5].Sample(tenants =>
    {
        var books = tenants.Select((t, i) => ($"t{i}", LedgerRules.Add(LedgerBook.Empty, Batch(1, 1, Start, t), Start).Next)).ToArray();

        var zones = Ask(books, LedgerColumn.Zone).Totals.ToDictionary(t => t.Group.Zone!.Value, t => t.Figures);
        var both = Ask(books, LedgerColumn.Zone, LedgerColumn.Tenant).Totals.GroupBy(t => t.Group.Zone!.Value).ToDictionary(g => g.Key, g => Sum(g.Select(t => t.Figures)));

        Assert.Equal(zones, both);
    });

    [Fact]
    public void Since_leaves_out_the_hours_that_ended_before()
    {
        var (book, _) = LedgerRules.Add(LedgerBook.Empty, Batch(1, 1, Start, Entry(1)), Start);
        (book, _) = LedgerRules.Add(book, Batch(1, 2, Start.AddHours(1), Entry(2)), Start.AddHours(1));

        Assert.Equal(3, Requests(Start.AddMinutes(59)));
        Assert.Equal(2, Requests(Start.AddHours(1)));
        Assert.Equal(0, Requests(Start.AddHours(2)));

        long Requests(DateTimeOffset since) => LedgerQueries.Total(LedgerQueries.Ask(book, "t", new LedgerQuery([LedgerColumn.Zone], since))).Requests;
    }

    [Theory]
    [InlineData(null, "Zone")]
    [InlineData("", "Zone")]
    [InlineData("tenant, zone,tenant", "Tenant,Zone")]
    [InlineData("zone,zoen", "zoen")]
    public void By_names_columns_or_the_word_that_is_none(string? text, string expected)
    {
        var right = LedgerQueries.TryParseBy(text, out var by, out var wrong);

        Assert.Equal(expected, right ? string.Join(',', by) : wrong);
    }

    [Fact]
    public void Money_is_what_the_prices_say()
    {
        var prices = new ZonePrices(ComputeMs: 0.2, LoadedMibHour: 0.5, WanKib: 0.1, Watts: 15);

        Assert.Equal(600_000, LedgerPrices.Compute(3 * TimeSpan.TicksPerMillisecond, prices));
        Assert.Equal(200_000, LedgerPrices.Wan(2048, prices));
        Assert.Equal(5_000_000, LedgerPrices.Idle(10 * 3_600_000L, prices));
        Assert.Equal(15_000_000, LedgerPrices.Energy(TimeSpan.TicksPerSecond, prices));
    }

    [Fact]
    public void Parts_of_a_batch_add_up_to_its_run() => Gen.Int[1, 5].Array[1, 8].Sample(rows =>
    {
        var run = TimeSpan.FromMilliseconds(7);

        var parts = rows.Select(own => new EngineTimes(default, default, run, default, rows.Sum(), own).OwnRun.Ticks).Sum();

        Assert.InRange(parts, run.Ticks - rows.Length, run.Ticks + rows.Length);
    });

    [Fact]
    public void Sum_beyond_the_largest_number_stays_there() =>
        Assert.Equal(long.MaxValue, (new LedgerFigures(0, 0, 0, 0, 0, 0, 0, 0, long.MaxValue - 1, 0, 0) + new LedgerFigures(0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0)).MoneyPicousd);

    private static LedgerAnswer Ask((string Tenant, LedgerBook Book)[] books, params LedgerColumn[] by) =>
        LedgerQueries.Merge(books.Select(b => LedgerQueries.Ask(b.Book, b.Tenant, new LedgerQuery(by, null))).ToArray());
}
