namespace OrleansHybrid.Domain.Models;

/// <summary>How often a version changes, rarest first: a manifest's <c>updates</c>.</summary>
public enum UpdateCadence
{
    Never,
    Yearly,
    Monthly,
    Weekly,
    Daily,
    Hourly,
    Continuous,
}

public static class UpdateCadences
{
    private static readonly string[] Names = ["never", "yearly", "monthly", "weekly", "daily", "hourly", "continuous"];

    public static IReadOnlyList<string> AllNames => Names;

    public static string WireName(this UpdateCadence cadence) => Names[(int)cadence];

    public static bool TryParse(string? text, out UpdateCadence cadence)
    {
        var index = Array.IndexOf(Names, text);
        cadence = (UpdateCadence)Math.Max(index, 0);
        return index >= 0;
    }
}

/// <summary>When a version changes too often for copies of it to be kept current. Pure.</summary>
public static class UpdateRules
{
    /// <summary>From this cadence on the copies below the highest zone are the first to be stale: a rollout in waves takes longer than the version lasts.</summary>
    public const UpdateCadence OftenFrom = UpdateCadence.Hourly;

    /// <summary>A version that states no cadence is taken to change rarely.</summary>
    public static bool ChangesOften(UpdateCadence? cadence) => cadence >= OftenFrom;
}
