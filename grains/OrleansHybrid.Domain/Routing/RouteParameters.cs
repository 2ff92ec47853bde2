using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing;

/// <summary>What a caller may ask of the router; null where it said nothing. See the protocol's parameters of the same names.</summary>
/// <param name="LatencyTargetMs">The aim, milliseconds; the hard deadline is <see cref="InferenceRequest.Timeout"/>.</param>
/// <param name="MaxCostMicrousd">The most the answer may cost, in millionths of a US dollar.</param>
/// <param name="ConfidenceFloor">Answers below it are hard examples, in [0, 1].</param>
[GenerateSerializer, Immutable, Alias("hybrid.route-parameters")]
public sealed record RouteParameters(
    [property: Id(0)] RouteMode? Mode,
    [property: Id(1)] PrivacyCeiling? Privacy,
    [property: Id(2)] long? LatencyTargetMs,
    [property: Id(3)] long? MaxCostMicrousd,
    [property: Id(4)] double? ConfidenceFloor,
    [property: Id(5)] bool Explain,
    [property: Id(6)] IReadOnlyDictionary<string, string> Tags)
{
    public static IReadOnlyDictionary<string, string> NoTags { get; } = new Dictionary<string, string>(0);

    public static RouteParameters None { get; } = new(null, null, null, null, null, false, NoTags);
}

/// <summary>Presets of the routing rules, under the names callers use.</summary>
public enum RouteMode
{
    Auto,
    OnlyOnDevice,
    PreferOnDevice,
    OnlyEdge,
    PreferEdge,
    PreferInCloud,
    OnlyInCloud,
}

public static class RouteModes
{
    private static readonly string[] Names =
        ["AUTO", "ONLY_ON_DEVICE", "PREFER_ON_DEVICE", "ONLY_EDGE", "PREFER_EDGE", "PREFER_IN_CLOUD", "ONLY_IN_CLOUD"];

    public static IReadOnlyList<string> AllNames => Names;

    public static string WireName(this RouteMode mode) => Names[(int)mode];

    public static bool TryParse(string? text, out RouteMode mode)
    {
        var index = Array.IndexOf(Names, text);
        mode = (RouteMode)Math.Max(index, 0);
        return index >= 0;
    }
}
