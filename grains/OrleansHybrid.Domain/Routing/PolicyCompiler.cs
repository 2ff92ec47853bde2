using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Turns a policy that people wrote into what the planner evaluates, or into every error in it at once. Pure.</summary>
/// <remarks>
/// Rules kept here: ids are unique and begin with a capital; a rule sets or loosens something; <c>loosen</c> needs a named tenant;
/// every name and number is one that exists. A policy with one error is refused whole: the last good one keeps serving.
/// </remarks>
public static class PolicyCompiler
{
    public static PolicyCompilation Compile(PolicyConfig config)
    {
        var check = new PolicyCheck();
        if (config.Policy.Length == 0) check.Fail("policy", "The policy has no name.", "Write policy: <name>.");
        if (config.Revision < 1) check.Fail("revision", $"The revision is {config.Revision}.", "Write a whole number from 1 that grows with every change.");
        var prices = Prices(config, check);
        var defaults = check.Values("defaults", config.Defaults);
        if (config.Defaults.Privacy is not null)
        {
            check.Fail("defaults.privacy", "A default ceiling would not bind models whose manifest has one.", "Write a rule without conditions that sets privacy.");
        }

        var rules = Rules(config, check);
        var shed = Lists(config, check);
        if (check.Errors.Count > 0) return new PolicyCompilation(null, check.Errors);
        var policy = new CompiledPolicy(config.Policy, config.Revision, rules, defaults, prices, [.. config.PrivateTags], [.. config.Quotas], shed);
        return new PolicyCompilation(policy, []);
    }

    private static ZonePrices[] Prices(PolicyConfig config, PolicyCheck check)
    {
        var prices = new ZonePrices[Zones.AllNames.Count];
        foreach (var (name, price) in config.Prices)
        {
            var place = $"prices.{name}";
            if (check.Zone(place, name) is not { } zone) continue;
            check.NotNegative(place + ".compute_ms", price.ComputeMs);
            check.NotNegative(place + ".loaded_mib_hour", price.LoadedMibHour);
            check.NotNegative(place + ".wan_kib", price.WanKib);
            check.NotNegative(place + ".watts", price.Watts);
            prices[(int)zone] = new ZonePrices(price.ComputeMs, price.LoadedMibHour, price.WanKib, price.Watts);
        }

        return prices;
    }

    private static CompiledRule[] Rules(PolicyConfig config, PolicyCheck check)
    {
        if (config.Rules.Count > Limits.RulesPerPolicyMax)
        {
            check.Fail("rules", $"There are {config.Rules.Count} rules.", $"Keep at most {Limits.RulesPerPolicyMax}.");
            return [];
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var rules = new CompiledRule[config.Rules.Count];
        for (var i = 0; i < rules.Length; i++) rules[i] = Rule(config.Rules[i], i, seen, check);
        return rules;
    }

    private static CompiledRule Rule(RuleConfig rule, int index, HashSet<string> seen, PolicyCheck check)
    {
        var place = $"rules[{index}]";
        check.RuleId(place + ".id", rule.Id, seen);
        if (rule.Because.Length == 0) check.Fail(place + ".because", "The rule gives no reason.", "Write one sentence; explanations show it.");
        if (rule.Owner.Length == 0) check.Fail(place + ".owner", "The rule has no owner.", "Name the person or office that can change it.");
        var arrived = rule.When.ArrivedIn is { } zone ? check.Zone(place + ".when.arrived_in", zone) : null;
        check.Bytes(place + ".when", rule.When);
        var set = check.Values(place + ".set", rule.Set ?? new RuleSetConfig());
        var loosen = Loosen(rule, place, check);
        if (set == default && loosen is null) check.Fail(place, "The rule sets nothing.", "Give it set or loosen with at least one value.");
        return new CompiledRule(index, rule, set, loosen, arrived);
    }

    private static PrivacyCeiling? Loosen(RuleConfig rule, string place, PolicyCheck check)
    {
        if (rule.Loosen is null) return null;
        if (string.IsNullOrEmpty(rule.When.Tenant))
        {
            check.Fail(place + ".loosen", "A ceiling can be loosened only for a tenant that is named.", "Add when.tenant, or remove loosen.");
        }

        return check.Ceiling(place + ".loosen.privacy", rule.Loosen.Privacy ?? "");
    }

    private static List<ShedItem> Lists(PolicyConfig config, PolicyCheck check)
    {
        for (var i = 0; i < config.PrivateTags.Count; i++)
        {
            if (config.PrivateTags[i].Length == 0) check.Fail($"private_tags[{i}]", "The tag has no name.", "Write a tag's name or remove the entry.");
        }

        for (var i = 0; i < config.Quotas.Count; i++) check.Quota($"quotas[{i}]", config.Quotas[i]);
        return Shed(config, check);
    }

    private static List<ShedItem> Shed(PolicyConfig config, PolicyCheck check)
    {
        var items = new List<ShedItem>();
        if (config.Shed.Count > Limits.ShedItemsMax) check.Fail("shed", $"There are {config.Shed.Count} entries.", $"Keep at most {Limits.ShedItemsMax}.");
        for (var i = 0; i < config.Shed.Count; i++)
        {
            if (!ShedItem.TryParse(config.Shed[i], out var item))
            {
                check.Fail($"shed[{i}]", $"'{config.Shed[i]}' cannot be shed.", "Use mirror, explain, escalation or tenant:<name>; privacy, authentication and audit never degrade.");
            }
            else if (items.Contains(item)) check.Fail($"shed[{i}]", $"'{item}' is listed twice.", "Keep the first of the two.");
            else items.Add(item);
        }

        return items;
    }
}
