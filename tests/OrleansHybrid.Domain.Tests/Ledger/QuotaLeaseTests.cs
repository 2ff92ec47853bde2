using CsCheck;
using OrleansHybrid.Domain.Ledger;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Ledger;

public sealed class QuotaLeaseTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    private static readonly long Minute = QuotaWindows.IndexOf(QuotaKind.RequestsPerMinute, Start);

    /// <summary>Several silos over some minutes: each asks when it should, uses what it may, and now and then gets no answer.</summary>
    [Fact]
    public void Silos_that_are_answered_use_no_more_than_the_quota_and_their_credit() =>
        Gen.Select(Gen.Int[1, 4], Gen.Long[10, 2000], Gen.Select(Gen.Int[0, 3], Gen.Int[0, 300], Gen.Int[0, 2000]).Array[1, 200]).Sample((silos, quota, steps) =>
        {
            var (book, now) = (QuotaBook.Empty, Start);
            var leases = Enumerable.Range(0, silos).Select(_ => Fresh(quota)).ToArray();
            var used = new Dictionary<long, long>();
            var sequence = 0;
            foreach (var (which, wants, ms) in steps)
            {
                now = now.AddMilliseconds(ms);
                var silo = which % silos;
                var lease = QuotaLeaseRules.At(leases[silo], now);
                var takes = Math.Min(wants, QuotaLeaseRules.Left(lease, silos, now));
                if (takes > 0) lease = QuotaLeaseRules.Use(lease, takes);
                used[lease.Window] = used.GetValueOrDefault(lease.Window) + takes;
                leases[silo] = Renew(lease, $"s{silo}", silos, now, ref book, ref sequence);
            }

            var credit = silos * Math.Max(1, quota / Limits.QuotaSmallPart);
            Assert.All(used, w => Assert.True(w.Value <= quota + credit, $"{w.Value} of {quota}"));
        }, iter: 1000);

    [Fact]
    public void Silo_asked_ahead_uses_no_credit_in_the_next_window()
    {
        var (book, sequence) = (QuotaBook.Empty, 0);
        var lease = Renew(Fresh(640), "s0", 2, Start, ref book, ref sequence);
        lease = Renew(lease, "s0", 2, Start.AddSeconds(55), ref book, ref sequence);

        lease = QuotaLeaseRules.At(lease, Start.AddSeconds(61));

        Assert.True(lease.Answered);
        Assert.Equal(10, QuotaLeaseRules.Left(lease, 2, Start.AddSeconds(61)));
    }

    [Fact]
    public void Silo_alone_holds_the_whole_minute_and_little_of_a_days_money()
    {
        var (book, sequence) = (QuotaBook.Empty, 0);
        var rate = Renew(Fresh(640), "s0", 1, Start, ref book, ref sequence);
        var money = Renew(new QuotaLease(QuotaKind.MoneyPerDay, 3200, QuotaWindows.IndexOf(QuotaKind.MoneyPerDay, Start)), "s0", 1, Start, ref book, ref sequence);

        Assert.Equal((640L, 100L), (QuotaLeaseRules.Left(rate, 1, Start), QuotaLeaseRules.Left(money, 1, Start)));
    }

    [Fact]
    public void Money_part_grows_to_what_the_dearest_requests_need()
    {
        var (book, sequence) = (QuotaBook.Empty, 0);
        var money = new QuotaLease(QuotaKind.MoneyPerDay, 3200, QuotaWindows.IndexOf(QuotaKind.MoneyPerDay, Start));
        money = QuotaLeaseRules.Use(Renew(money, "s0", 1, Start, ref book, ref sequence), 90);

        money = Renew(money, "s0", 1, Start, ref book, ref sequence);

        Assert.Equal(90 * Limits.QuotaUsesHeld, QuotaLeaseRules.Left(money, 1, Start));
    }

    [Fact]
    public void Request_dearer_than_the_part_is_not_kept_out_while_the_quota_has_it()
    {
        var (book, sequence) = (QuotaBook.Empty, 0);
        var money = Renew(new QuotaLease(QuotaKind.MoneyPerDay, 320, QuotaWindows.IndexOf(QuotaKind.MoneyPerDay, Start)), "s0", 2, Start, ref book, ref sequence);

        Assert.Equal((10L, 320L), (QuotaLeaseRules.Left(money, 2, Start), QuotaLeaseRules.LeftForOne(money, 2, Start)));
        Assert.Equal(0, QuotaLeaseRules.LeftForOne(QuotaLeaseRules.Use(money, 10), 2, Start));
    }

    [Fact]
    public void Without_an_answer_a_silo_goes_on_within_its_share_as_time_passes()
    {
        var (book, sequence) = (QuotaBook.Empty, 0);
        var lease = Renew(Fresh(600), "s0", 3, Start, ref book, ref sequence);
        lease = QuotaLeaseRules.Miss(lease, Start.AddSeconds(10));

        Assert.Equal(lease.Limit, QuotaLeaseRules.Left(lease, 3, Start.AddSeconds(10)));
        Assert.Equal(lease.Limit + 100, QuotaLeaseRules.Left(lease, 3, Start.AddSeconds(40)));
        Assert.Equal(200, QuotaLeaseRules.Left(QuotaLeaseRules.At(lease, Start.AddSeconds(60)), 3, Start.AddSeconds(60)));
    }

    [Fact]
    public void Clock_that_goes_back_stays_in_the_later_window()
    {
        var lease = QuotaLeaseRules.Use(QuotaLeaseRules.At(Fresh(100), Start.AddMinutes(5)), 1);

        Assert.Equal(lease, QuotaLeaseRules.At(lease, Start));
    }

    [Fact]
    public void Refused_caller_waits_for_the_window_only_when_nothing_is_left_for_anybody()
    {
        var at = Start.AddSeconds(20);

        Assert.Equal(Limits.QuotaRetrySoon, QuotaLeaseRules.RetryAfter(Fresh(10), at));
        Assert.Equal(TimeSpan.FromSeconds(40), QuotaLeaseRules.RetryAfter(Fresh(10) with { Answered = true }, at));
        Assert.Equal(TimeSpan.FromHours(11.5), QuotaLeaseRules.RetryAfter(
            new QuotaLease(QuotaKind.MoneyPerDay, 1, QuotaWindows.IndexOf(QuotaKind.MoneyPerDay, Start), Answered: true), Start.AddMinutes(30)));
    }

    private static QuotaLease Fresh(long quota) => new(QuotaKind.RequestsPerMinute, quota, Minute);

    private static QuotaLease Renew(QuotaLease lease, string silo, int silos, DateTimeOffset now, ref QuotaBook book, ref int sequence)
    {
        lease = QuotaLeaseRules.At(lease, now);
        if (QuotaLeaseRules.Ask(lease, silos) is { } ask)
        {
            (book, var grant) = QuotaRules.Lease(book, new QuotaAsk(silo, 1, ++sequence, lease.Kind, lease.Window, lease.Quota, ask.Used, ask.Hold), now);
            lease = QuotaLeaseRules.Hear(ask.Next, grant);
        }

        if (QuotaLeaseRules.AskAhead(lease, silos, now) is not { } hold) return lease;
        (book, var ahead) = QuotaRules.Lease(book, new QuotaAsk(silo, 1, ++sequence, lease.Kind, lease.Window + 1, lease.Quota, 0, hold), now);
        return QuotaLeaseRules.Hear(lease, ahead);
    }
}
