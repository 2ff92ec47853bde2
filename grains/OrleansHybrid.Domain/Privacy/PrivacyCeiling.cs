namespace OrleansHybrid.Domain.Privacy;

/// <summary>The highest zone that raw input may reach, strictest first, so that the lowest of several is their minimum.</summary>
public enum PrivacyCeiling
{
    Device,
    Edge,
    Any,
}

public static class PrivacyCeilings
{
    private static readonly string[] Names = ["device", "edge", "any"];

    public static IReadOnlyList<string> AllNames => Names;

    public static string WireName(this PrivacyCeiling ceiling) => Names[(int)ceiling];

    public static bool TryParse(string? text, out PrivacyCeiling ceiling)
    {
        var index = Array.IndexOf(Names, text);
        ceiling = (PrivacyCeiling)Math.Max(index, 0);
        return index >= 0;
    }

    public static PrivacyCeiling Lowest(PrivacyCeiling left, PrivacyCeiling right) => left < right ? left : right;

    /// <summary>Whether raw input under this ceiling may be in <paramref name="zone"/>.</summary>
    public static bool Permits(this PrivacyCeiling ceiling, Zone zone) => (int)zone <= (int)ceiling;
}
