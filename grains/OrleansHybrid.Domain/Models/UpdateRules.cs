namespace OrleansHybrid.Domain.Models;

/// <summary>How often a version changes, and what that means for where it runs.</summary>
public static class UpdateRules
{
    /// <summary>Rarest first.</summary>
    public static IReadOnlyList<string> Words { get; } = ["never", "yearly", "monthly", "weekly", "daily", "hourly", "continuous"];

    /// <summary>Hourly or faster: too often to be handed to every node, so the cloud answers first.</summary>
    public static bool ChangesOften(string? cadence) => cadence is "hourly" or "continuous";
}
