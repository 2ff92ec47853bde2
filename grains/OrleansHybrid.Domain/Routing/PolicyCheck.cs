using System.Globalization;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Checks single values of a policy and collects every error with its place and remedy.</summary>
internal sealed class PolicyCheck
{
    public List<PolicyError> Errors { get; } = [];

    public void Fail(string place, string expected, string came, string remedy) => Errors.Add(new PolicyError(place, expected, came, remedy));

    public void Range(string place, double? value, double min, double max)
    {
        if (value is not { } number || (number >= min && number <= max)) return;
        Fail(place, string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"), Number(number), "Choose one in this range");
    }

    public void Range(string place, long? value, long min, long max)
    {
        if (value is not { } number || (number >= min && number <= max)) return;
        Fail(place, string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"), Number(number), "Choose one in this range");
    }

    /// <summary>Something to read, not longer than <paramref name="charsMax"/>.</summary>
    public void Text(string place, string text, string expected, string remedy, int charsMax = Limits.NameCharsMax)
    {
        if (string.IsNullOrWhiteSpace(text)) Fail(place, expected, "none", remedy);
        else if (text.Length > charsMax) Fail(place, $"{expected}, at most {charsMax} characters", $"{text.Length}", "Shorten it");
    }

    public void RuleId(string place, string id, HashSet<string> seen)
    {
        if (BuiltInRules.AllIds.Contains(id, StringComparer.Ordinal)) Fail(place, "an id of the policy's own", $"the built-in rule '{id}'", "Begin it with a capital, for example R01");
        else if (!IsRuleId(id)) Fail(place, "a rule id of letters, digits, '-' and '_' that begins with a capital", Came(id), "Choose such an id, for example R01");
        else if (!seen.Add(id)) Fail(place, "each id once", $"'{id}' a second time", "Give each rule its own id");
    }

    public RuleValues Values(string place, RuleSetConfig set)
    {
        Range(place + ".latency_target_ms", set.LatencyTargetMs, 1, (long)Limits.DeadlineMax.TotalMilliseconds);
        Range(place + ".max_cost_microusd", set.MaxCostMicrousd, 0, Limits.MoneyMicrousdMax);
        Range(place + ".confidence_floor", set.ConfidenceFloor, 0, 1);
        return new RuleValues(
            set.Privacy is { } privacy ? Ceiling(place + ".privacy", privacy) : null,
            set.Mode is { } mode ? Mode(place + ".mode", mode) : null,
            set.Objective is { } objective ? Objective(place + ".objective", objective) : null,
            set.LatencyTargetMs,
            set.MaxCostMicrousd,
            set.ConfidenceFloor);
    }

    public PrivacyCeiling? Ceiling(string place, string text)
    {
        if (PrivacyCeilings.TryParse(text, out var ceiling)) return ceiling;
        Word(place, text, PrivacyCeilings.AllNames);
        return null;
    }

    public Zone? Zone(string place, string text)
    {
        if (Zones.TryParse(text, out var zone)) return zone;
        Word(place, text, Zones.AllNames);
        return null;
    }

    public void Word(string place, string text, IReadOnlyList<string> words) => Fail(
        place, ManifestText.OneOf(words), Came(text), Spelling.Nearest(text, words) is { } near ? $"Did you mean '{near}'?" : "Write one of these words");

    public static string Came(string text) => text.Length == 0 ? "none" : ManifestText.Quote(text);

    private RouteMode? Mode(string place, string text)
    {
        if (RouteModes.TryParse(text, out var mode)) return mode;
        Word(place, text, RouteModes.AllNames);
        return null;
    }

    private RouteObjective? Objective(string place, string text)
    {
        if (RouteObjectives.TryParse(text, out var objective)) return objective;
        Word(place, text, RouteObjectives.AllNames);
        return null;
    }

    /// <summary>It stands in every answer's reason, between '=', ':' and ';'.</summary>
    private static bool IsRuleId(string id) =>
        id.Length is > 0 and <= Limits.NameCharsMax && char.IsAsciiLetterUpper(id[0]) && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static string Number(double value) => string.Create(CultureInfo.InvariantCulture, $"the number {value}");
}
