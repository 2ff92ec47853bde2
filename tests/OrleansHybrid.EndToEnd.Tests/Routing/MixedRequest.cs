using OrleansHybrid.EndToEnd.Tests.Harness;

namespace OrleansHybrid.EndToEnd.Tests.Routing;

/// <summary>One request of a mixed load. Two in five are not easy, half of them hard by the classifier; one in four of those is private, and one in four of the easy ones states a mode that keeps to or prefers the edge.</summary>
/// <param name="Clip"><c>easy</c>; <c>unsure</c>: the edge's variant is unsure of it; <c>hard</c>: the classifier says so beforehand.</param>
/// <param name="Private">Its input may not leave the edge.</param>
internal sealed record MixedRequest(string Clip, bool Private, string Body)
{
    public const int DeadlineSeconds = 15;

    private static readonly MixedRequest Easy = Of("easy");
    private static readonly MixedRequest EasyOnlyEdge = Of("easy", ("mode", "ONLY_EDGE"));
    private static readonly MixedRequest EasyPreferEdge = Of("easy", ("mode", "PREFER_EDGE"));
    private static readonly MixedRequest Hard = Of("hard");
    private static readonly MixedRequest Unsure = Of("unsure");
    private static readonly MixedRequest UnsurePrivate = Of("unsure", ("privacy", "edge"));

    /// <summary>The same request for the same index; the mix repeats every 40.</summary>
    public static MixedRequest At(int index)
    {
        var (five, place) = Math.DivRem(index, 5);
        if (place < 2) return (((five * 2) + place) % 4) switch { 0 => UnsurePrivate, 2 => Unsure, _ => Hard };
        return (((five * 3) + place - 2) % 8) switch { 0 => EasyOnlyEdge, 4 => EasyPreferEdge, _ => Easy };
    }

    /// <summary>Without the 16,000 samples, for messages.</summary>
    public override string ToString() => $"{Clip}, private: {Private}";

    private static MixedRequest Of(string clip, params (string Name, object Value)[] parameters)
    {
        var body = OipCalls.JsonOf(Clips.AudioOf(clip), [("timeout", DeadlineSeconds * 1_000_000), .. parameters]);
        return new MixedRequest(clip, parameters.Any(p => p.Name == "privacy"), body);
    }
}
