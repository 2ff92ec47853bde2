using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Yaml.Routing;

/// <summary>Reads a policy: first each value's type, range and vocabulary, exactly what <c>policy.schema.json</c> states, then <see cref="PolicyCompiler"/>'s rules over the whole.</summary>
/// <remarks>Both lists come together. What the compiler says of a place that could not be read is left out: it would be an error about a hole.</remarks>
public static class PolicyReader
{
    private static readonly string[] RootKeys = ["policy", "revision", "prices", "private_tags", "defaults", "rules", "quotas", "shed"];

    /// <param name="fileName">As errors show it.</param>
    public static PolicyReading Read(ReadOnlySpan<byte> bytes, string fileName)
    {
        var errors = new ErrorList();
        var config = ReadConfig(bytes, errors);
        var compiled = config is null ? null : PolicyCompiler.Compile(config);
        foreach (var wrong in compiled?.Errors.Where(e => !errors.Covers(e.Place)).ToArray() ?? []) errors.Add(new(wrong.Place, wrong.Expected, wrong.Came, wrong.Remedy));
        return errors.Count == 0
            ? new PolicyReading(config, compiled!.Policy, [], [])
            : new PolicyReading(null, null, errors.ToList(), errors.Render(fileName));
    }

    /// <summary>What could be read. Errors go to <paramref name="errors"/>; null when there is no map to read from.</summary>
    private static PolicyConfig? ReadConfig(ReadOnlySpan<byte> bytes, ErrorList errors)
    {
        var (root, error) = YamlTree.Read(bytes, Limits.PolicyNodesMax);
        if (root is not null) return MapReader.From(root, "", errors, RootKeys) is { } map ? ReadRoot(map, errors) : null;
        errors.Add(error!, new TextPlace(error!.Line, error.Column));
        return null;
    }

    private static PolicyConfig ReadRoot(MapReader map, ErrorList errors) => new()
    {
        Policy = map.Text("policy", TextRule.Name, required: true) ?? "",
        Revision = map.Long("revision", 1, long.MaxValue, required: true) ?? 0,
        Prices = map.Map("prices", [.. Zones.AllNames]) is { } prices ? ReadPrices(prices) : new Dictionary<string, PriceConfig>(0),
        PrivateTags = map.Texts("private_tags", PolicyTexts.Tag, Limits.PrivateTagsMax),
        Defaults = map.Map("defaults", PolicyRuleReader.SetKeys) is { } defaults ? PolicyRuleReader.ReadSet(defaults) : new RuleSetConfig(),
        Rules = [.. map.List("rules", 0, Limits.RulesPerPolicyMax).Select(r => PolicyRuleReader.Read(r.Value, r.Path, errors))],
        Quotas = [.. map.List("quotas", 0, Limits.QuotasPerPolicyMax).Select(q => ReadQuota(q.Value, q.Path, errors))],
        Shed = map.Texts("shed", PolicyTexts.Shed, Limits.ShedMax),
    };

    private static Dictionary<string, PriceConfig> ReadPrices(MapReader map)
    {
        var prices = new Dictionary<string, PriceConfig>(StringComparer.Ordinal);
        foreach (var zone in Zones.AllNames)
        {
            if (map.Map(zone, ["compute_ms", "loaded_mib_hour", "wan_kib", "watts"]) is not { } price) continue;
            prices[zone] = new PriceConfig(
                price.Number("compute_ms", 0, Limits.PriceMicrousdMax) ?? 0,
                price.Number("loaded_mib_hour", 0, Limits.PriceMicrousdMax) ?? 0,
                price.Number("wan_kib", 0, Limits.PriceMicrousdMax) ?? 0,
                price.Number("watts", 0, Limits.DeclaredWattsMax) ?? 0);
        }

        return prices;
    }

    private static QuotaConfig ReadQuota(YamlValue value, string path, ErrorList errors)
    {
        if (MapReader.From(value, path, errors, "tenant", "requests_per_minute", "money_per_day_microusd", "owner") is not { } map) return new QuotaConfig();
        return new QuotaConfig(
            map.Text("tenant", TextRule.Name, required: true) ?? "",
            map.Long("requests_per_minute", 0, Limits.RequestsPerMinuteMax),
            map.Long("money_per_day_microusd", 0, Limits.MoneyMicrousdMax),
            map.Text("owner", PolicyTexts.Owner, required: true) ?? "");
    }
}
