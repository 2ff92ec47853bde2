using CsCheck;
using OrleansHybrid.Domain.Ledger;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Ledger;

public sealed class QuotaRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 30, TimeSpan.Zero);
    private static readonly long Minute = QuotaWindows.IndexOf(QuotaKind.RequestsPerMinute, Start);

    [Fact]
    public void Grants_of_a_window_never_add_up_to_more_than_the_quota() =>
        Gen.Select(Gen.Long[1, 500], Gen.Select(Gen.Int[0, 3], Gen.Long[0, 300], Gen.Double[0, 1]).Array[1, 40]).Sample((quota, asks) =>
        {
            var (book, limits, used) = (QuotaBook.Empty, new long[4], new long[4]);
            var sequence = 0;
            foreach (var (silo, hold, spends) in asks)
            {
                used[silo] += (long)((limits[silo] - used[silo]) * spends);
                limits[silo] = Math.Min(limits[silo], used[silo] + hold);
                (book, var grant) = QuotaRules.Lease(book, Ask($"s{silo}", 1, ++sequence, quota, used[silo], hold), Start);
                Assert.True(grant.Limit >= limits[silo]);
                limits[silo] = grant.Limit;
                Assert.True(limits.Sum() <= quota, $"{limits.Sum()} of {quota} granted");
                Assert.Equal(limits.Sum(), book.Find(QuotaKind.RequestsPerMinute, Minute)!.Granted);
            }
        });

    [Fact]
    public void Question_asked_again_or_late_grants_nothing_more()
    {
        var (book, first) = QuotaRules.Lease(QuotaBook.Empty, Ask("a", 1, 2, 100, 0, 40), Start);

        var (again, repeated) = QuotaRules.Lease(book, Ask("a", 1, 2, 100, 0, 40), Start);
        var (late, older) = QuotaRules.Lease(book, Ask("a", 1, 1, 100, 0, 90), Start);

        Assert.Same(book, again);
        Assert.Same(book, late);
        Assert.Equal((40L, 40L, 40L), (first.Limit, repeated.Limit, older.Limit));
    }

    [Fact]
    public void Part_given_back_can_be_had_by_another()
    {
        var (book, _) = QuotaRules.Lease(QuotaBook.Empty, Ask("a", 1, 1, 100, 0, 100), Start);
        (book, var none) = QuotaRules.Lease(book, Ask("b", 1, 1, 100, 0, 50), Start);
        (book, _) = QuotaRules.Lease(book, Ask("a", 1, 2, 100, 10, 20), Start);
        (_, var some) = QuotaRules.Lease(book, Ask("b", 1, 2, 100, 0, 90), Start);

        Assert.Equal((0L, 0L), (none.Limit, none.Free));
        Assert.Equal((70L, 0L), (some.Limit, some.Free));
    }

    [Fact]
    public void Silo_that_started_again_finds_its_former_part_spent()
    {
        var (book, _) = QuotaRules.Lease(QuotaBook.Empty, Ask("a", 1, 7, 100, 10, 60), Start);

        var (next, grant) = QuotaRules.Lease(book, Ask("a", 2, 1, 100, 0, 100), Start);

        Assert.Equal(30, grant.Limit);
        Assert.Equal(QuotaVerdict.OldStart, QuotaRules.Lease(next, Ask("a", 1, 8, 100, 10, 60), Start).Grant.Verdict);
    }

    [Fact]
    public void What_silos_used_on_credit_is_booked_first()
    {
        var (book, _) = QuotaRules.Lease(QuotaBook.Empty, Ask("a", 1, 1, 100, 0, 95), Start);

        var (next, grant) = QuotaRules.Lease(book, Ask("b", 1, 1, 100, 10, 20), Start);

        Assert.Equal((10L, 0L), (grant.Limit, grant.Free));
        Assert.Equal(105, next.Find(QuotaKind.RequestsPerMinute, Minute)!.Granted);
    }

    [Fact]
    public void Window_that_was_closed_is_not_opened_again_when_the_clock_goes_back()
    {
        var (book, _) = QuotaRules.Lease(QuotaBook.Empty, Ask("a", 1, 1, 100, 0, 100), Start);
        (book, _) = QuotaRules.Lease(book, Ask("a", 1, 2, 100, 0, 100) with { Window = Minute + 3 }, Start.AddMinutes(3));

        var (next, grant) = QuotaRules.Lease(book, Ask("a", 1, 3, 100, 0, 100), Start);

        Assert.Equal(QuotaVerdict.OutOfTime, grant.Verdict);
        Assert.Equal(100, next.Find(QuotaKind.RequestsPerMinute, Minute + 3)!.Granted);
    }

    [Fact]
    public void Window_may_be_asked_for_one_ahead_and_one_behind()
    {
        var verdicts = new[] { -2, -1, 0, 1, 2 }.Select(off => QuotaRules.Lease(QuotaBook.Empty, Ask("a", 1, 1, 100, 0, 1) with { Window = Minute + off }, Start).Grant.Verdict);

        Assert.Equal([QuotaVerdict.OutOfTime, QuotaVerdict.Granted, QuotaVerdict.Granted, QuotaVerdict.Granted, QuotaVerdict.OutOfTime], verdicts);
    }

    [Fact]
    public void Kinds_of_one_tenant_do_not_touch_each_other()
    {
        var (book, _) = QuotaRules.Lease(QuotaBook.Empty, Ask("a", 1, 1, 100, 0, 100), Start);
        var day = QuotaWindows.IndexOf(QuotaKind.MoneyPerDay, Start);

        var (_, grant) = QuotaRules.Lease(book, new QuotaAsk("a", 1, 2, QuotaKind.MoneyPerDay, day, 50, 0, 50), Start);

        Assert.Equal(50, grant.Limit);
    }

    private static QuotaAsk Ask(string silo, long epoch, long sequence, long quota, long used, long hold) =>
        new(silo, epoch, sequence, QuotaKind.RequestsPerMinute, Minute, quota, used, hold);
}
