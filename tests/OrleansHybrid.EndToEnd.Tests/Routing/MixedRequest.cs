using OrleansHybrid.EndToEnd.Tests.Harness;

namespace OrleansHybrid.EndToEnd.Tests.Routing;

/// <summary>One request of a mixed load. Two in five are hard; one in four of those is private, and one in four of the easy ones states a mode that keeps to or prefers the edge.</summary>
/// <param name="Hard">The edge's variant is unsure of it.</param>
/// <param name="Private">Its input may not leave the edge.</param>
internal sealed record MixedRequest(bool Hard, bool Private, string Body)
{
    public const int DeadlineSeconds = 15;

    private static readonly MixedRequest Easy = Of(hard: false);
    private static readonly MixedRequest EasyOnlyEdge = Of(hard: false, ("mode", "ONLY_EDGE"));
    private static readonly MixedRequest EasyPreferEdge = Of(hard: false, ("mode", "PREFER_EDGE"));
    private static readonly MixedRequest HardOne = Of(hard: true);
    private static readonly MixedRequest HardPrivate = Of(hard: true, ("privacy", "edge"));

    /// <summary>The same request for the same index; the mix repeats every 40.</summary>
    public static MixedRequest At(int index)
    {
        var (five, place) = Math.DivRem(index, 5);
        if (place < 2) return ((five * 2) + place) % 4 == 0 ? HardPrivate : HardOne;
        return (((five * 3) + place - 2) % 8) switch { 0 => EasyOnlyEdge, 4 => EasyPreferEdge, _ => Easy };
    }

    /// <summary>Without the 16,000 samples, for messages.</summary>
    public override string ToString() => $"hard: {Hard}, private: {Private}";

    private static MixedRequest Of(bool hard, params (string Name, object Value)[] parameters)
    {
        var body = OipCalls.JsonOf(hard ? Clips.HardAudio : Clips.EasyAudio, [("timeout", DeadlineSeconds * 1_000_000), .. parameters]);
        return new MixedRequest(hard, parameters.Any(p => p.Name == "privacy"), body);
    }
}
