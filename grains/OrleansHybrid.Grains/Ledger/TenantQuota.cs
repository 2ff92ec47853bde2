using OrleansHybrid.Contracts.Ledger;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Grains.Ledger;

/// <summary>This silo's parts of one tenant's quotas. Requests take from them under a short lock; one renewal at a time fills them up.</summary>
internal sealed class TenantQuota
{
    private readonly Lock taking = new();
    private QuotaLease? requests, money;
    private long sequence;

    public TenantQuota(QuotaConfig config, DateTimeOffset now)
    {
        Config = config;
        if (config.RequestsPerMinute is { } most) requests = Start(QuotaKind.RequestsPerMinute, most, now);
        if (config.MoneyPerDayMicrousd is { } microusd) money = Start(QuotaKind.MoneyPerDay, LedgerPrices.Picousd(microusd), now);
    }

    public QuotaConfig Config { get; private set; }

    /// <summary>Counts one request unless the minute is used up, and says what is left.</summary>
    /// <param name="count">False: only says.</param>
    public QuotaState Take(bool count, int silos, DateTimeOffset now, out bool runsLow)
    {
        lock (taking)
        {
            Enter(now);
            runsLow = false;
            double? left = money is { } wallet ? QuotaLeaseRules.LeftForOne(wallet, silos, now) / (double)LedgerPrices.PicousdPerMicrousd : null;
            if (requests is { } rate)
            {
                var over = QuotaLeaseRules.Left(rate, silos, now) < 1;
                if (!over && count) requests = rate = QuotaLeaseRules.Use(rate, 1);
                runsLow = QuotaLeaseRules.RunsLow(rate, silos);
                if (over) return new QuotaState(true, left, QuotaLeaseRules.RetryAfter(rate, now));
            }

            return new QuotaState(false, left, money is { } spent ? QuotaLeaseRules.RetryAfter(spent, now) : default);
        }
    }

    /// <summary>Charges what was spent, also beyond what is left: it was spent. Returns whether the silo's part runs low.</summary>
    public bool Charge(long picousd, int silos, DateTimeOffset now)
    {
        lock (taking)
        {
            Enter(now);
            if (money is not { } wallet) return false;
            money = wallet = QuotaLeaseRules.Use(wallet, picousd);
            return QuotaLeaseRules.RunsLow(wallet, silos);
        }
    }

    /// <summary>Another amount by a new policy: what was used stays used.</summary>
    public void Change(QuotaConfig config, DateTimeOffset now)
    {
        lock (taking)
        {
            Config = config;
            requests = Change(requests, QuotaKind.RequestsPerMinute, config.RequestsPerMinute, now);
            money = Change(money, QuotaKind.MoneyPerDay, config.MoneyPerDayMicrousd is { } microusd ? LedgerPrices.Picousd(microusd) : null, now);
        }
    }

    /// <summary>Asks for what is missing of this window and, near its end, of the next; gives back what is not needed.</summary>
    public async Task RenewAsync(ILedgerGrain grain, QuotaSilo silo, int silos, TimeProvider clock, CancellationToken cancellationToken)
    {
        foreach (var kind in Enum.GetValues<QuotaKind>())
        {
            await AskAsync(NextAsk(kind, silo, silos, clock.GetUtcNow()), grain, silo, clock, cancellationToken);
            await AskAsync(NextAskAhead(kind, silo, silos, clock.GetUtcNow()), grain, silo, clock, cancellationToken);
        }
    }

    private async Task AskAsync(QuotaAsk? asking, ILedgerGrain grain, QuotaSilo silo, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (asking is not { } ask) return;
        try
        {
            var grant = await grain.LeaseAsync(ask, cancellationToken).WaitAsync(Limits.QuotaAnswerMax, clock, cancellationToken);
            if (grant.Verdict == QuotaVerdict.OldStart) silo.GoAbove(grant.Epoch);
            Update(ask.Kind, l => grant.Verdict == QuotaVerdict.Granted ? QuotaLeaseRules.Hear(l, grant) : QuotaLeaseRules.Miss(l, clock.GetUtcNow()));
        }
        catch when (!cancellationToken.IsCancellationRequested)
        {
            Update(ask.Kind, l => QuotaLeaseRules.Miss(l, clock.GetUtcNow()));
            throw;
        }
    }

    private QuotaAsk? NextAsk(QuotaKind kind, QuotaSilo silo, int silos, DateTimeOffset now)
    {
        lock (taking)
        {
            Enter(now);
            if (Of(kind) is not { } lease || QuotaLeaseRules.Ask(lease, silos) is not { } ask) return null;
            Of(kind) = ask.Next;
            return new QuotaAsk(silo.Name, silo.Epoch, ++sequence, kind, lease.Window, lease.Quota, ask.Used, ask.Hold);
        }
    }

    private QuotaAsk? NextAskAhead(QuotaKind kind, QuotaSilo silo, int silos, DateTimeOffset now)
    {
        lock (taking)
        {
            return Of(kind) is { } lease && QuotaLeaseRules.AskAhead(lease, silos, now) is { } hold
                ? new QuotaAsk(silo.Name, silo.Epoch, ++sequence, kind, lease.Window + 1, lease.Quota, 0, hold)
                : null;
        }
    }

    private void Update(QuotaKind kind, Func<QuotaLease, QuotaLease> change)
    {
        lock (taking)
        {
            if (Of(kind) is { } lease) Of(kind) = change(lease);
        }
    }

    private void Enter(DateTimeOffset now)
    {
        if (requests is { } rate) requests = QuotaLeaseRules.At(rate, now);
        if (money is { } wallet) money = QuotaLeaseRules.At(wallet, now);
    }

    private ref QuotaLease? Of(QuotaKind kind) => ref kind == QuotaKind.RequestsPerMinute ? ref requests : ref money;

    private static QuotaLease? Change(QuotaLease? lease, QuotaKind kind, long? quota, DateTimeOffset now)
    {
        if (quota is not { } amount) return null;
        return lease is { } known ? known with { Quota = amount, Answered = false, Next = null } : Start(kind, amount, now);
    }

    private static QuotaLease Start(QuotaKind kind, long quota, DateTimeOffset now) => new(kind, quota, QuotaWindows.IndexOf(kind, now));
}

/// <summary>Who asks: this silo and its start, which grows when its clock went back between two starts.</summary>
internal sealed class QuotaSilo(string name, long epoch)
{
    private long epoch = epoch;

    public string Name => name;

    public long Epoch => Volatile.Read(ref epoch);

    public void GoAbove(long known)
    {
        var mine = Volatile.Read(ref epoch);
        if (mine <= known) Interlocked.CompareExchange(ref epoch, known + 1, mine);
    }
}
