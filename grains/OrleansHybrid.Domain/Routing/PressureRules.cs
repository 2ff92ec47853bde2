namespace OrleansHybrid.Domain.Routing;

/// <summary>What a silo measures of its own load at one moment, each as a share of what it should stand: 1 is the bound.</summary>
/// <param name="QueueFill">The fullest queue of a variant: requests waiting, by the queue's length.</param>
/// <param name="QueueWait">The longest wait for a variant, by the latency target.</param>
/// <param name="PoolLag">How late the thread pool starts work, by <see cref="Limits.PressurePoolLag"/>.</param>
public readonly record struct PressureLoad(double QueueFill, double QueueWait, double PoolLag)
{
    /// <summary>The worst of them.</summary>
    public double Strain => Math.Max(QueueFill, Math.Max(QueueWait, PoolLag));
}

/// <summary>How much of the policy's <c>shed</c> list is shed now, and since when the load speaks for more or for less.</summary>
/// <param name="Level">Entries shed, from the first; 0: none.</param>
public readonly record struct PressureState(int Level, DateTimeOffset? StrainedSince, DateTimeOffset? CalmSince)
{
    public static PressureState None => default;
}

/// <summary>When a silo sheds more and when less. Pure: the caller keeps the state and asks at every snapshot.</summary>
/// <remarks>
/// Rules kept here, so that the level does not flap:
/// <list type="bullet">
/// <item>A strain from <see cref="RiseAt"/> on, without a break for <see cref="Limits.PressureRiseAfter"/>, sheds one entry more.</item>
/// <item>A strain of at most <see cref="FallAt"/>, without a break for <see cref="Limits.PressureFallAfter"/>, sheds one entry less.</item>
/// <item>Between the two nothing moves. After a step the next one has to wait its whole time again.</item>
/// <item>The level never passes the list: a policy without one never sheds.</item>
/// </list>
/// </remarks>
public static class PressureRules
{
    /// <summary>From this strain on the silo is under pressure. In (0, 1].</summary>
    public const double RiseAt = 0.75;

    /// <summary>Up to this strain the silo is at ease. Well below <see cref="RiseAt"/>: shedding itself lowers the strain.</summary>
    public const double FallAt = 0.25;

    /// <param name="items">Entries of the policy's list.</param>
    public static PressureState Next(in PressureState state, in PressureLoad load, int items, DateTimeOffset now)
    {
        if (items == 0) return PressureState.None;
        var level = Math.Min(state.Level, items);
        if (load.Strain >= RiseAt) return Strained(level, state.StrainedSince ?? now, items, now);
        if (load.Strain <= FallAt) return Calm(level, state.CalmSince ?? now, now);
        return new PressureState(level, null, null);
    }

    private static PressureState Strained(int level, DateTimeOffset since, int items, DateTimeOffset now) =>
        now - since < Limits.PressureRiseAfter || level == items ? new PressureState(level, since, null) : new PressureState(level + 1, now, null);

    private static PressureState Calm(int level, DateTimeOffset since, DateTimeOffset now) =>
        now - since < Limits.PressureFallAfter || level == 0 ? new PressureState(level, null, since) : new PressureState(level - 1, null, now);
}
