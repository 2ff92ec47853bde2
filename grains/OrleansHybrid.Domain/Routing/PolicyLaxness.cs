using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing;

/// <summary>A way in which a policy lets raw input or a tag go further than the one before it.</summary>
/// <param name="Place">The rule or tag, as in <c>rules[R01]</c>.</param>
public sealed record PolicyLaxity(string Place, string Sentence);

/// <summary>Finds what a new policy allows that the old one forbade. Pure, and on the safe side: it may name a change that lets nothing out, and never misses one that does.</summary>
/// <remarks>
/// A ceiling that was set stays as low when some rule of the new policy sets one as low and matches at least the same requests. A loosened ceiling is no
/// laxer when the old policy loosened for at least the same requests, and whatever held the old one down still does.
/// </remarks>
internal static class PolicyLaxness
{
    public static IReadOnlyList<PolicyLaxity> Of(PolicyConfig before, PolicyConfig after) =>
        [.. SetHigher(before, after), .. LoosenedAnew(before, after), .. LoosenedHigher(before, after), .. TagsOpened(before, after)];

    private static IEnumerable<PolicyLaxity> SetHigher(PolicyConfig before, PolicyConfig after) =>
        from rule in before.Rules
        let ceiling = Ceiling(rule.Set?.Privacy)
        where ceiling < PrivacyCeiling.Any && !after.Rules.Any(r => Ceiling(r.Set?.Privacy) <= ceiling && Covers(r.When, rule.When))
        select new PolicyLaxity($"rules[{rule.Id}]", $"Not every request that {rule.Id} held to '{ceiling.Value.WireName()}' is held so low any more.");

    private static IEnumerable<PolicyLaxity> LoosenedAnew(PolicyConfig before, PolicyConfig after) =>
        from rule in after.Rules
        where Loosened(rule) is not null && !before.Rules.Any(r => Loosened(r) is not null && Covers(r.When, rule.When))
        select new PolicyLaxity($"rules[{rule.Id}]", $"{rule.Id} loosens the ceiling of '{rule.When.Tenant}' for requests whose ceiling nothing loosened before.");

    private static IEnumerable<PolicyLaxity> LoosenedHigher(PolicyConfig before, PolicyConfig after) =>
        from rule in before.Rules
        let ceiling = Loosened(rule)
        where ceiling is not null && after.Rules.Any(r => Loosened(r) > ceiling && r.When.Tenant == rule.When.Tenant)
            && !after.Rules.Any(r => Loosened(r) <= ceiling && Covers(r.When, rule.When))
        select new PolicyLaxity($"rules[{rule.Id}]", $"Requests of '{rule.When.Tenant}' that {rule.Id} loosened to '{ceiling.Value.WireName()}' can be loosened further.");

    private static IEnumerable<PolicyLaxity> TagsOpened(PolicyConfig before, PolicyConfig after) =>
        before.PrivateTags.Except(after.PrivateTags).Select(tag => new PolicyLaxity($"private_tags[{tag}]", $"The tag '{tag}' is logged and leaves the zone."));

    private static PrivacyCeiling? Ceiling(string? text) => PrivacyCeilings.TryParse(text, out var ceiling) ? ceiling : null;

    private static PrivacyCeiling? Loosened(RuleConfig rule) => Ceiling(rule.Loosen?.Privacy);

    /// <summary>Whether the wide conditions hold for every request for which the narrow ones do.</summary>
    private static bool Covers(RuleWhenConfig wide, RuleWhenConfig narrow) =>
        (wide.Model ?? narrow.Model) == narrow.Model
        && (wide.Tenant ?? narrow.Tenant) == narrow.Tenant
        && (wide.ArrivedIn ?? narrow.ArrivedIn) == narrow.ArrivedIn
        && (wide.InputBytesAbove ?? -1) <= (narrow.InputBytesAbove ?? -1)
        && (wide.InputBytesBelow ?? long.MaxValue) >= (narrow.InputBytesBelow ?? long.MaxValue)
        && (wide.Tags?.All(t => narrow.Tags?.GetValueOrDefault(t.Key) == t.Value) ?? true);
}
