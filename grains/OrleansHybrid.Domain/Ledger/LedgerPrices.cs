using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Domain.Ledger;

/// <summary>What figures cost at a zone's prices. Pure; money is in picousd: millionths of a micro-USD, since one run can cost less than a thousandth of one.</summary>
public static class LedgerPrices
{
    public const long PicousdPerMicrousd = 1_000_000;
    public const double MsPerHour = 3_600_000;

    public static long Compute(long ticks, in ZonePrices prices) => Picousd(ticks / (double)TimeSpan.TicksPerMillisecond * prices.ComputeMs);

    public static long Wan(long bytes, in ZonePrices prices) => Picousd(bytes / 1024.0 * prices.WanKib);

    public static long Idle(long mibMs, in ZonePrices prices) => Picousd(mibMs / MsPerHour * prices.LoadedMibHour);

    /// <summary>By the declared watts, in microjoules.</summary>
    public static long Energy(long ticks, in ZonePrices prices) => Whole(ticks / (double)TimeSpan.TicksPerMicrosecond * prices.Watts);

    public static long Picousd(double microusd) => Whole(microusd * PicousdPerMicrousd);

    /// <summary>
    /// What an attempt really cost: the run's own part here; for a peer or an upstream the time it stated, at its zone's prices, and the bytes sent there.
    /// A server that states no time is charged as predicted.
    /// </summary>
    public static long Of(in AttemptReport attempt, in ZonePrices prices)
    {
        if (attempt.Target == AttemptTarget.Here) return attempt.Failure is null ? Compute(attempt.Engine.OwnRun.Ticks, prices) : 0;
        if (!WasSent(attempt)) return 0;
        var wan = attempt.Target == AttemptTarget.Upstream ? Wan(attempt.InputBytes, prices) : 0;
        if (attempt.Failure is not null) return wan;
        return wan + (attempt.Above > TimeSpan.Zero ? Compute(attempt.Above.Ticks, prices) : Picousd(attempt.Candidate.RunCostMicrousd));
    }

    /// <summary>Whether the other side surely got the input: it answered, be it with an error. A call that broke off is in the egress records alone.</summary>
    public static bool WasSent(in AttemptReport attempt) => attempt.Target != AttemptTarget.Here && attempt.Failure switch
    {
        null => true,
        FailureCode.PrivacyRefused or FailureCode.UpstreamUnavailable or FailureCode.DeadlineExceeded or FailureCode.Cancelled => false,
        _ => true,
    };

    /// <summary>Not negative, and not beyond what a sum of many can hold.</summary>
    private static long Whole(double value) => value > 0 ? (long)Math.Min(Math.Round(value), long.MaxValue / 4) : 0;
}
