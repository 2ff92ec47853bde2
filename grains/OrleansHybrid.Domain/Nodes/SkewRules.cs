namespace OrleansHybrid.Domain.Nodes;

/// <summary>One difference between what a node should run and what it says it runs.</summary>
/// <param name="Desired">Variant and bundle that it should serve; empty: the version should not be there.</param>
/// <param name="Reported">Stage, variant and bundle that it says; empty: nothing.</param>
/// <param name="Age">How long the receiver has seen this difference, by its steady clock.</param>
[GenerateSerializer, Immutable, Alias("hybrid.node-skew")]
public sealed record NodeSkew(
    [property: Id(0)] string Model,
    [property: Id(1)] int Version,
    [property: Id(2)] string Desired,
    [property: Id(3)] string Reported,
    [property: Id(4)] TimeSpan Age);

/// <summary>A difference and when the receiver saw it first, on its own steady time line.</summary>
public sealed record SkewSince(string Model, int Version, string Desired, string Reported, TimeSpan Since)
{
    public NodeSkew At(TimeSpan now) => new(Model, Version, Desired, Reported, now - Since);
}

/// <summary>Desired against reported. Pure.</summary>
/// <remarks>
/// A version is in skew while it is desired with a variant that fits and is not reported as serving with that variant and bundle, or while it serves
/// with a bundle and is desired no more. Versions of local folders (without a bundle) are nobody's wish and never in skew. A difference keeps its age
/// while the same thing is desired, however far the node has come.
/// </remarks>
public static class SkewRules
{
    /// <param name="before">What was seen at the last look.</param>
    /// <param name="now">On the receiver's steady time line.</param>
    public static IReadOnlyList<SkewSince> Observe(IReadOnlyList<SkewSince> before, DesiredState desired, IReadOnlyList<NodeVersion> reported, TimeSpan now)
    {
        if (desired.Revision == 0) return [];
        var seen = Missing(desired, reported).Concat(Left(desired, reported));
        return [.. seen.Select(s => s with { Since = Find(before, s)?.Since ?? now })];
    }

    private static IEnumerable<SkewSince> Missing(DesiredState desired, IReadOnlyList<NodeVersion> reported)
    {
        foreach (var wanted in desired.Versions.Where(v => v.Variant is not null))
        {
            var said = reported.FirstOrDefault(r => r.Model == wanted.Model && r.Version == wanted.Version);
            if (said is { Stage: NodeVersionStage.Serving } && said.Variant == wanted.Variant && said.Bundle == wanted.Source.Bundle) continue;
            yield return new SkewSince(wanted.Model, wanted.Version, $"{wanted.Variant} {wanted.Source.Bundle}", said is null ? "" : Say(said), default);
        }
    }

    private static IEnumerable<SkewSince> Left(DesiredState desired, IReadOnlyList<NodeVersion> reported) => reported
        .Where(r => r.Stage == NodeVersionStage.Serving && r.Bundle.Length > 0 && !desired.Versions.Any(v => v.Model == r.Model && v.Version == r.Version))
        .Select(r => new SkewSince(r.Model, r.Version, "", Say(r), default));

    private static SkewSince? Find(IReadOnlyList<SkewSince> before, SkewSince skew) =>
        before.FirstOrDefault(b => b.Model == skew.Model && b.Version == skew.Version && b.Desired == skew.Desired);

    private static string Say(NodeVersion said) => $"{said.Stage.ToString().ToLowerInvariant()} {said.Variant} {said.Bundle}".TrimEnd();
}
