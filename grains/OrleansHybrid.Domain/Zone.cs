namespace OrleansHybrid.Domain;

/// <summary>Where a request can be computed, lowest first.</summary>
public enum Zone
{
    Device,
    Edge,
    Cloud,
}

public static class Zones
{
    private static readonly string[] Names = ["device", "edge", "cloud"];

    public static IReadOnlyList<string> AllNames => Names;

    public static string WireName(this Zone zone) => Names[(int)zone];

    public static bool TryParse(string? text, out Zone zone)
    {
        var index = Array.IndexOf(Names, text);
        zone = (Zone)Math.Max(index, 0);
        return index >= 0;
    }
}
