using System.Text.RegularExpressions;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Yaml.Routing;

/// <summary>What the texts of a policy may be. <c>policy.schema.json</c> states the same patterns and lengths.</summary>
internal static partial class PolicyTexts
{
    public static TextRule RuleId { get; } = new(
        $"a rule id of letters, digits, '-' and '_' that begins with a capital, at most {Limits.NameCharsMax} characters", "Choose such an id, for example R01", Limits.NameCharsMax, RuleIdRegex);

    /// <summary>A rule of a policy, or a built-in one.</summary>
    public static TextRule AnyRule { get; } = new(
        $"a rule id, such as R01 or ceiling, at most {Limits.NameCharsMax} characters", "Write the id as reasons show it", Limits.NameCharsMax, AnyRuleRegex);

    public static TextRule Because { get; } = new(
        $"a sentence that says why, at most {Limits.DescriptionCharsMax} characters", "Write one; explanations show it", Limits.DescriptionCharsMax, SomethingRegex);

    public static TextRule Owner { get; } = new(
        $"who may change it, at most {Limits.NameCharsMax} characters", "Name the person or office", Limits.NameCharsMax, SomethingRegex);

    /// <summary>A tag's name or value: whatever a request may carry, but nothing unseen.</summary>
    public static TextRule Tag { get; } = new(
        $"text without control characters, at most {Limits.NameCharsMax} characters", "Write it as requests carry it", Limits.NameCharsMax, TagRegex);

    public static TextRule Shed { get; } = new(
        "one of mirror, explain, escalation, tenant:<name>", "Write one of these", Limits.NameCharsMax, SomethingRegex);

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9_-]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex RuleIdRegex();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_-]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex AnyRuleRegex();

    [GeneratedRegex(@"^[^\u0000-\u001f\u007f]+\z", RegexOptions.NonBacktracking)]
    private static partial Regex TagRegex();

    [GeneratedRegex(@"\S", RegexOptions.NonBacktracking)]
    private static partial Regex SomethingRegex();
}
