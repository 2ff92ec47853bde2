namespace OrleansHybrid.Domain.Ledger;

/// <summary>What a quota bounds, and over which window.</summary>
public enum QuotaKind
{
    /// <summary>Requests that enter the farm, by calendar minute.</summary>
    RequestsPerMinute,

    /// <summary>Money in picousd, by day (UTC).</summary>
    MoneyPerDay,
}

/// <summary>Windows of quotas as numbers since 1970 (UTC). Pure: the time is given.</summary>
public static class QuotaWindows
{
    public static TimeSpan LengthOf(QuotaKind kind) => kind == QuotaKind.RequestsPerMinute ? TimeSpan.FromMinutes(1) : TimeSpan.FromDays(1);

    public static long IndexOf(QuotaKind kind, DateTimeOffset at) => (at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / LengthOf(kind).Ticks;

    public static DateTimeOffset EndOf(QuotaKind kind, long window) => DateTimeOffset.UnixEpoch + (LengthOf(kind) * (window + 1));
}
