using System.Text;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Yaml.Routing;

/// <summary>Writes a policy in its one canonical form: for drafts and comparisons. <see cref="PolicyReader"/> reads back an equal policy.</summary>
/// <remarks>Keys in the schema's order, tags by name, prices from the device up; what says nothing is left out.</remarks>
public static class PolicyWriter
{
    public static string Write(PolicyConfig config)
    {
        var text = new StringBuilder();
        text.Append("policy: ").Append(YamlText.Of(config.Policy)).Append('\n');
        text.Append("revision: ").Append(YamlText.Of(config.Revision)).Append('\n');
        Prices(text, config.Prices);
        if (config.PrivateTags.Count > 0) text.Append("private_tags: ").Append(List(config.PrivateTags)).Append('\n');
        if (config.Defaults != new RuleSetConfig()) text.Append("defaults: ").Append(Set(config.Defaults)).Append('\n');
        if (config.Rules.Count > 0) text.Append("rules:\n");
        foreach (var rule in config.Rules) Rule(text, rule);
        if (config.Quotas.Count > 0) text.Append("quotas:\n");
        foreach (var quota in config.Quotas) text.Append("  - ").Append(Quota(quota)).Append('\n');
        if (config.Shed.Count > 0) text.Append("shed: ").Append(List(config.Shed)).Append('\n');
        return text.ToString();
    }

    private static void Prices(StringBuilder text, IReadOnlyDictionary<string, PriceConfig> prices)
    {
        if (prices.Count > 0) text.Append("prices:\n");
        foreach (var zone in Zones.AllNames)
        {
            if (prices.TryGetValue(zone, out var price)) text.Append("  ").Append(zone).Append(": ").Append(Price(price)).Append('\n');
        }
    }

    private static void Rule(StringBuilder text, RuleConfig rule)
    {
        text.Append("  - id: ").Append(YamlText.Of(rule.Id)).Append('\n');
        if (When(rule.When) is { Length: > 2 } when) Line("when", when);
        if (rule.Set is { } set && set != new RuleSetConfig()) Line("set", Set(set));
        if (rule.Loosen?.Privacy is { } privacy) Line("loosen", new FlowMap().Text("privacy", privacy).ToString());
        Line("because", YamlText.Of(rule.Because));
        Line("owner", YamlText.Of(rule.Owner));

        void Line(string key, string value) => text.Append("    ").Append(key).Append(": ").Append(value).Append('\n');
    }

    private static string When(RuleWhenConfig when)
    {
        var tags = new FlowMap();
        foreach (var (name, value) in when.Tags?.OrderBy(t => t.Key, StringComparer.Ordinal) ?? Enumerable.Empty<KeyValuePair<string, string>>()) tags.Text(name, value);
        return new FlowMap()
            .Text("model", when.Model).Text("tenant", when.Tenant).Raw("tags", when.Tags is { Count: > 0 } ? tags.ToString() : null)
            .Number("input_bytes_above", when.InputBytesAbove).Number("input_bytes_below", when.InputBytesBelow).Text("arrived_in", when.ArrivedIn).ToString();
    }

    private static string Set(RuleSetConfig set) => new FlowMap()
        .Text("privacy", set.Privacy).Text("mode", set.Mode).Text("objective", set.Objective).Number("latency_target_ms", set.LatencyTargetMs)
        .Number("max_cost_microusd", set.MaxCostMicrousd).Number("confidence_floor", set.ConfidenceFloor).ToString();

    private static string Price(PriceConfig price) => new FlowMap()
        .Number("compute_ms", NotZero(price.ComputeMs)).Number("loaded_mib_hour", NotZero(price.LoadedMibHour)).Number("wan_kib", NotZero(price.WanKib)).Number("watts", NotZero(price.Watts)).ToString();

    private static string Quota(QuotaConfig quota) => new FlowMap()
        .Text("tenant", quota.Tenant).Number("requests_per_minute", quota.RequestsPerMinute).Number("money_per_day_microusd", quota.MoneyPerDayMicrousd).Text("owner", quota.Owner).ToString();

    private static double? NotZero(double value) => value == 0 ? null : value;

    private static string List(IReadOnlyList<string> items) => $"[{string.Join(", ", items.Select(YamlText.Of))}]";
}
