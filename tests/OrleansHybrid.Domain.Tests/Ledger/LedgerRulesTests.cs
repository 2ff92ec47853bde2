using CsCheck;
using OrleansHybrid.Domain.Ledger;
using Xunit;
using static OrleansHybrid.Domain.Tests.Ledger.LedgerSample;

namespace OrleansHybrid.Domain.Tests.Ledger;

public sealed class LedgerRulesTests
{
    [Fact]
    public void Batches_sent_any_number_of_times_are_booked_once() => Gen.Select(Entries.Array[1, 8], Gen.Int[1, 3].Array[8]).Sample((batches, times) =>
    {
        var book = LedgerBook.Empty;
        for (var i = 0; i < batches.Length; i++)
        {
            for (var again = 0; again < times[i]; again++)
            {
                (book, var receipt) = LedgerRules.Add(book, Batch(1, i + 1, Start, batches[i]), Start);
                Assert.Equal(again == 0, receipt.Counted);
            }
        }

        Assert.Equal(Sum(batches.SelectMany(b => b).Select(e => e.Figures)), Sum(book));
    });

    [Fact]
    public void Batch_of_an_earlier_start_is_not_booked_and_the_known_start_is_told()
    {
        var (book, _) = LedgerRules.Add(LedgerBook.Empty, Batch(5, 1, Start, Entry(3)), Start);

        var (next, receipt) = LedgerRules.Add(book, Batch(4, 9, Start, Entry(3)), Start);

        Assert.Same(book, next);
        Assert.Equal((false, 5L), (receipt.Counted, receipt.Epoch));
    }

    [Fact]
    public void Rows_of_two_revisions_are_one_row_that_tells_both()
    {
        var (book, _) = LedgerRules.Add(LedgerBook.Empty, Batch(1, 1, Start, Entry(1, revision: 3), Entry(2, revision: 7)), Start);

        var row = Assert.Single(book.Rows);
        Assert.Equal((3L, 7L, 3L), (row.RevisionMin, row.RevisionMax, row.Figures.Requests));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-20_000)]
    public void Batch_of_a_wrong_clock_is_booked_in_the_present_hour(int daysOff)
    {
        var (book, _) = LedgerRules.Add(LedgerBook.Empty, Batch(1, 1, Start.AddDays(daysOff), Entry(1)), Start.AddMinutes(5));

        Assert.Equal(Start, Assert.Single(book.Rows).From);
    }

    [Fact]
    public void Hours_become_days_and_days_go_in_their_time()
    {
        var (book, _) = LedgerRules.Add(LedgerBook.Empty, Batch(1, 1, Start, Entry(1)), Start);
        (book, _) = LedgerRules.Add(book, Batch(1, 2, Start.AddHours(1), Entry(2)), Start.AddHours(1));
        Assert.Equal(2, book.Rows.Count);

        var later = Start + Limits.LedgerHoursKept + TimeSpan.FromHours(2);
        (book, _) = LedgerRules.Add(book, Batch(1, 3, later, Entry(4)), later);
        Assert.Equal([(true, 3L), (false, 4L)], book.Rows.Select(r => (r.IsDay, r.Figures.Requests)));
        Assert.Equal(new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero), book.Rows[0].From);

        var old = Start + Limits.LedgerAgeMax + TimeSpan.FromDays(1);
        (book, _) = LedgerRules.Add(book, Batch(1, 4, old, Entry(8)), old);
        Assert.Equal([4L, 8L], book.Rows.Select(r => r.Figures.Requests));
    }

    [Fact]
    public void Book_that_is_too_long_merges_its_oldest_rows_and_loses_nothing()
    {
        var (book, sent) = (LedgerBook.Empty, default(LedgerFigures));
        for (var hour = 0; hour < 30; hour++)
        {
            var entries = Enumerable.Range(0, 100).Select(m => Entry(1, model: $"m{m}")).ToArray();
            sent += Sum(entries.Select(e => e.Figures));
            (book, _) = LedgerRules.Add(book, Batch(1, hour + 1, Start.AddHours(hour), entries), Start.AddHours(hour));
            Assert.InRange(book.Rows.Count, 1, Limits.LedgerRowsPerTenantMax);
        }

        Assert.Equal(sent, Sum(book));
        Assert.Equal(LedgerNames.Other, book.Rows[0].Model);
        Assert.Contains(book.Rows, r => r.Model == "m0");
    }

    [Fact]
    public void Directory_gives_places_until_it_is_full_and_takes_back_those_not_asked_for()
    {
        var names = Enumerable.Range(0, Limits.TenantsMax).Select(i => $"t{i}").ToArray();
        var (directory, refused) = LedgerDirectoryRules.Admit(LedgerDirectory.Empty, names, Start);
        Assert.Empty(refused);

        (directory, refused) = LedgerDirectoryRules.Admit(directory, ["late", "t5", LedgerNames.Nobody], Start);
        Assert.Equal(["late"], refused);
        Assert.Equal(Limits.TenantsMax + 3, directory.Names.Count);

        (directory, refused) = LedgerDirectoryRules.Admit(directory, ["late"], Start + Limits.LedgerAgeMax + TimeSpan.FromDays(1));
        Assert.Empty(refused);
        Assert.Single(directory.Tenants);
    }
}
