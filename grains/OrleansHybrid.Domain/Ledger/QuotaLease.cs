namespace OrleansHybrid.Domain.Ledger;

/// <summary>One silo's part of one quota at one moment.</summary>
/// <param name="Quota">The whole quota: requests, or picousd.</param>
/// <param name="Window">The window it stands in; never goes back.</param>
/// <param name="Answered">The grain answered for this window: <paramref name="Limit"/> holds.</param>
/// <param name="Limit">What may be used of the window.</param>
/// <param name="Free">What no silo held when the grain answered; 0 from then on: nothing is left to ask for.</param>
/// <param name="Next">The limit of the next window when it was asked for ahead; null: not yet.</param>
/// <param name="NextFree">What no silo held of the next window.</param>
/// <param name="Busy">Something was used in this window or the one before.</param>
/// <param name="LargestUse">The largest amount used at once: less than that in hand would keep the next one out.</param>
/// <param name="FailingSince">Since when the grain has not answered; null: it did.</param>
public readonly record struct QuotaLease(
    QuotaKind Kind,
    long Quota,
    long Window,
    bool Answered = false,
    long Limit = 0,
    long Used = 0,
    long Free = 0,
    long? Next = null,
    long NextFree = 0,
    bool Busy = false,
    long LargestUse = 0,
    DateTimeOffset? FailingSince = null);

/// <summary>How a silo lives with its part. Pure.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>Within what was granted nothing is asked on a request's path.</item>
/// <item>Before the first answer for a window a silo goes on credit: <see cref="Limits.QuotaSmallPart"/> of the quota.</item>
/// <item>
/// Fail-safe, when the grain does not answer: what was granted, and beyond it the silo's even share of the quota as time passes; for a window that was
/// never answered for, that share. So answering goes on, and one window's overrun is at most one quota over all silos.
/// </item>
/// <item>A clock that goes back stays in the later window: nothing is granted twice.</item>
/// </list>
/// </remarks>
public static class QuotaLeaseRules
{
    /// <summary>The lease in the window of the given time.</summary>
    public static QuotaLease At(in QuotaLease lease, DateTimeOffset now)
    {
        var window = QuotaWindows.IndexOf(lease.Kind, now);
        if (window <= lease.Window) return lease;
        var next = window == lease.Window + 1 ? lease.Next : null;
        return new QuotaLease(lease.Kind, lease.Quota, window, next is not null, next ?? 0, Free: next is null ? 0 : lease.NextFree, Busy: lease.Used > 0 && window == lease.Window + 1, LargestUse: lease.LargestUse, FailingSince: lease.FailingSince);
    }

    /// <summary>What may still be used; not negative.</summary>
    public static long Left(in QuotaLease lease, int silos, DateTimeOffset now) => Math.Max(0, Allowance(lease, Math.Max(1, silos), now) - lease.Used);

    /// <summary>
    /// What one more may cost: while something is left of the part, also what no silo holds, so that a request dearer than the part is not kept out. It overruns
    /// the part once; the next question reports it.
    /// </summary>
    public static long LeftForOne(in QuotaLease lease, int silos, DateTimeOffset now)
    {
        var left = Left(lease, silos, now);
        return left > 0 && lease is { Answered: true, FailingSince: null } ? left + lease.Free : left;
    }

    public static QuotaLease Use(in QuotaLease lease, long amount) =>
        lease with { Used = lease.Used + amount, Busy = true, LargestUse = Math.Max(lease.LargestUse, amount) };

    /// <summary>Worth a question before the next round: half of what this silo wants to hold is gone.</summary>
    public static bool RunsLow(in QuotaLease lease, int silos) => (!lease.Answered || lease.Free > 0) && lease.Limit - lease.Used < (Hold(lease, silos) + 1) / 2;

    /// <summary>What to ask for the current window, or null. What is given back is not used from now on.</summary>
    public static (QuotaLease Next, long Used, long Hold)? Ask(in QuotaLease lease, int silos)
    {
        var hold = Hold(lease, silos);
        var headroom = lease.Limit - lease.Used;
        if (lease.Answered && headroom >= (hold + 1) / 2 && headroom <= hold * 2) return null;
        return (lease with { Limit = Math.Min(lease.Limit, lease.Used + hold) }, lease.Used, hold);
    }

    /// <summary>What to ask for the next window, or null while it is far off or known.</summary>
    public static long? AskAhead(in QuotaLease lease, int silos, DateTimeOffset now) =>
        lease.Next is null && QuotaWindows.EndOf(lease.Kind, lease.Window) - now <= Limits.QuotaAhead ? Hold(lease with { Used = 0 }, silos) : null;

    public static QuotaLease Hear(in QuotaLease lease, QuotaGrant grant)
    {
        var heard = lease with { FailingSince = null };
        if (grant.Window == lease.Window) return heard with { Answered = true, Limit = grant.Limit, Free = grant.Free };
        return grant.Window == lease.Window + 1 ? heard with { Next = grant.Limit, NextFree = grant.Free } : heard;
    }

    public static QuotaLease Miss(in QuotaLease lease, DateTimeOffset now) => lease with { FailingSince = lease.FailingSince ?? now };

    /// <summary>When a refused caller may come again: when the window ends, or soon where this silo's part alone is used up.</summary>
    public static TimeSpan RetryAfter(in QuotaLease lease, DateTimeOffset now)
    {
        if (lease.FailingSince is null && (!lease.Answered || lease.Free > 0)) return Limits.QuotaRetrySoon;
        var rest = QuotaWindows.EndOf(lease.Kind, lease.Window) - now;
        return rest > Limits.QuotaRetrySoon ? rest : Limits.QuotaRetrySoon;
    }

    private static long Allowance(in QuotaLease lease, int silos, DateTimeOffset now)
    {
        if (lease is { Answered: false, FailingSince: null }) return SmallPart(lease.Quota);
        var share = lease.Quota / silos;
        if (!lease.Answered) return share;
        if (lease.FailingSince is not { } since || now <= since) return lease.Limit;
        var passed = Math.Min(1, (now - since) / QuotaWindows.LengthOf(lease.Kind));
        return lease.Limit + (long)(share * passed);
    }

    /// <summary>How much to hold beyond what was used. Money comes in small parts, since a silo that dies takes its part with it until the day ends; a minute ends soon.</summary>
    private static long Hold(in QuotaLease lease, int silos)
    {
        if (lease.Kind == QuotaKind.MoneyPerDay) return Math.Min(lease.Quota, Math.Max(lease.Quota / Limits.QuotaMoneyPart, lease.LargestUse * Limits.QuotaUsesHeld));
        if (silos <= 1) return lease.Quota;
        return lease.Busy ? Math.Max(1, lease.Quota / (2 * silos)) : SmallPart(lease.Quota);
    }

    private static long SmallPart(long quota) => Math.Min(quota, Math.Max(1, quota / Limits.QuotaSmallPart));
}
