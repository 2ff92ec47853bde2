using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Yaml.Routing;

/// <summary>Reads one rule of a policy: when it matches, what it sets or loosens, why, and who answers for it.</summary>
internal static class PolicyRuleReader
{
    /// <summary>What <c>set</c> and <c>defaults</c> may hold.</summary>
    public static readonly string[] SetKeys = ["privacy", "mode", "objective", "latency_target_ms", "max_cost_microusd", "confidence_floor"];

    private static readonly string[] WhenKeys = ["model", "tenant", "tags", "input_bytes_above", "input_bytes_below", "arrived_in"];

    public static RuleConfig Read(YamlValue value, string path, ErrorList errors)
    {
        if (MapReader.From(value, path, errors, "id", "when", "set", "loosen", "because", "owner") is not { } map) return new RuleConfig();
        return new RuleConfig
        {
            Id = map.Text("id", PolicyTexts.RuleId, required: true) ?? "",
            When = map.Map("when", WhenKeys) is { } when ? ReadWhen(when) : new RuleWhenConfig(),
            Set = map.Map("set", SetKeys) is { } set ? ReadSet(set) : null,
            Loosen = map.Map("loosen", ["privacy"]) is { } loosen ? new RuleLoosenConfig(Word(loosen, "privacy", PrivacyCeilings.AllNames, required: true)) : null,
            Because = map.Text("because", PolicyTexts.Because, required: true) ?? "",
            Owner = map.Text("owner", PolicyTexts.Owner, required: true) ?? "",
        };
    }

    public static RuleSetConfig ReadSet(MapReader map) => new(
        Word(map, "privacy", PrivacyCeilings.AllNames),
        Word(map, "mode", RouteModes.AllNames),
        Word(map, "objective", RouteObjectives.AllNames),
        map.Long("latency_target_ms", 1, (long)Limits.DeadlineMax.TotalMilliseconds),
        map.Long("max_cost_microusd", 0, Limits.MoneyMicrousdMax),
        map.Number("confidence_floor", 0, 1));

    private static RuleWhenConfig ReadWhen(MapReader map) => new(
        map.Text("model", TextRule.Name),
        map.Text("tenant", TextRule.Name),
        map.Words("tags", PolicyTexts.Tag, PolicyTexts.Tag, Limits.TagsPerRequestMax),
        map.Long("input_bytes_above", 0, Limits.RequestBytesMax),
        map.Long("input_bytes_below", 1, Limits.RequestBytesMax),
        Word(map, "arrived_in", Zones.AllNames));

    private static string? Word(MapReader map, string key, IReadOnlyList<string> words, bool required = false) =>
        map.Choice(key, words, required) is { } index ? words[index] : null;
}
