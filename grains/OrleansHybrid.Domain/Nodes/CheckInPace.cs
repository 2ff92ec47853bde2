namespace OrleansHybrid.Domain.Nodes;

/// <summary>How often nodes call, so that a cell hears about <see cref="Limits.CheckInsPerSecondAim"/> of them a second. Jitter is the caller's.</summary>
public static class CheckInPace
{
    public static TimeSpan Next(long nodes)
    {
        var even = TimeSpan.FromSeconds((double)nodes / Limits.CheckInsPerSecondAim);
        if (even < Limits.CheckInIntervalMin) return Limits.CheckInIntervalMin;
        return even > Limits.CheckInIntervalMax ? Limits.CheckInIntervalMax : even;
    }
}
