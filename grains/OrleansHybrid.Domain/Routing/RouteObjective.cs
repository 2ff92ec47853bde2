namespace OrleansHybrid.Domain.Routing;

/// <summary>What decides between zones that are all allowed and fast enough.</summary>
public enum RouteObjective
{
    /// <summary>The lowest zone first, the next one up when the answer is unsure.</summary>
    Balanced,

    /// <summary>The smallest predicted p95.</summary>
    Latency,

    /// <summary>The smallest predicted cost.</summary>
    Cost,

    /// <summary>The highest zone, which holds the largest variant.</summary>
    Quality,
}

public static class RouteObjectives
{
    private static readonly string[] Names = ["balanced", "latency", "cost", "quality"];

    public static IReadOnlyList<string> AllNames => Names;

    public static string WireName(this RouteObjective objective) => Names[(int)objective];

    public static bool TryParse(string? text, out RouteObjective objective)
    {
        var index = Array.IndexOf(Names, text);
        objective = (RouteObjective)Math.Max(index, 0);
        return index >= 0;
    }
}
