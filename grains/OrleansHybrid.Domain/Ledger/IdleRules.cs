namespace OrleansHybrid.Domain.Ledger;

/// <summary>What a loaded session costs while it does not run. Pure.</summary>
public static class IdleRules
{
    private const double BytesPerMib = 1 << 20;

    /// <summary>Declared memory, else the size of the model's file, in MiB.</summary>
    public static double MibOf(double declaredMib, long fileBytes) => declaredMib > 0 ? declaredMib : fileBytes / BytesPerMib;

    /// <summary>MiB times milliseconds of an interval less the time that sessions ran; several at once count as no idle time at most.</summary>
    public static long MibMs(double mib, TimeSpan interval, TimeSpan busy)
    {
        var idle = interval - (busy > TimeSpan.Zero ? busy : TimeSpan.Zero);
        return idle > TimeSpan.Zero ? (long)Math.Round(mib * idle.TotalMilliseconds) : 0;
    }
}
