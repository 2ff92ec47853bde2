using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Turns a policy that people wrote into what the planner evaluates, or into every error in it at once. Pure.</summary>
/// <remarks>
/// Rules kept here: ids are unique and begin with a capital; a rule sets or loosens something, and says why and who answers for it; <c>loosen</c> needs a
/// named tenant and lifts something; a tenant has one quota; nothing that protects people can be shed; every name and number is one that exists, within its
/// limits. A policy with one error is refused whole: the last good one keeps serving.
/// </remarks>
public static class PolicyCompiler
{
    public static PolicyCompilation Compile(PolicyConfig config)
    {
        var check = new PolicyCheck();
        check.Text("policy", config.Policy, "the policy's name", "Write policy: <name>");
        if (config.Revision < 1) check.Fail("revision", "a whole number from 1", $"the number {config.Revision}", "Write one that grows with every change");
        var prices = Prices(config, check);
        var defaults = Defaults(config.Defaults, check);
        var rules = Rules(config, check);
        PolicyLists.Check(config, check);
        if (check.Errors.Count > 0) return new PolicyCompilation(null, check.Errors);
        var policy = new CompiledPolicy(config.Policy, config.Revision, rules, defaults, prices, [.. config.PrivateTags], [.. config.Quotas], PolicyLists.Shed(config));
        return new PolicyCompilation(policy, []);
    }

    private static ZonePrices[] Prices(PolicyConfig config, PolicyCheck check)
    {
        var prices = new ZonePrices[Zones.AllNames.Count];
        foreach (var (name, price) in config.Prices)
        {
            var place = $"prices.{name}";
            if (check.Zone(place, name) is not { } zone) continue;
            check.Range(place + ".compute_ms", price.ComputeMs, 0, Limits.PriceMicrousdMax);
            check.Range(place + ".loaded_mib_hour", price.LoadedMibHour, 0, Limits.PriceMicrousdMax);
            check.Range(place + ".wan_kib", price.WanKib, 0, Limits.PriceMicrousdMax);
            check.Range(place + ".watts", price.Watts, 0, Limits.DeclaredWattsMax);
            prices[(int)zone] = new ZonePrices(price.ComputeMs, price.LoadedMibHour, price.WanKib, price.Watts);
        }

        return prices;
    }

    private static RuleValues Defaults(RuleSetConfig defaults, PolicyCheck check)
    {
        if (defaults.Privacy is not null)
        {
            check.Fail("defaults.privacy", "no default ceiling, since it would not bind models whose manifest has one", PolicyCheck.Came(defaults.Privacy), "Write a rule without conditions that sets privacy");
        }

        return check.Values("defaults", defaults with { Privacy = null });
    }

    private static CompiledRule[] Rules(PolicyConfig config, PolicyCheck check)
    {
        if (config.Rules.Count > Limits.RulesPerPolicyMax)
        {
            check.Fail("rules", $"0 to {Limits.RulesPerPolicyMax} items", $"{config.Rules.Count}", "Join rules that say the same");
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
        check.Text(place + ".because", rule.Because, "a sentence that says why", "Write one; explanations show it", Limits.DescriptionCharsMax);
        check.Text(place + ".owner", rule.Owner, "who may change the rule", "Name the person or office");
        var arrived = rule.When.ArrivedIn is { } zone ? check.Zone(place + ".when.arrived_in", zone) : null;
        When(place + ".when", rule.When, check);
        var set = check.Values(place + ".set", rule.Set ?? new RuleSetConfig());
        var loosen = Loosen(rule, place, check);
        if (rule.Loosen is null && (rule.Set ?? new RuleSetConfig()) == new RuleSetConfig())
        {
            check.Fail(place + ".set", "set or loosen with at least one value", "none", "Say what the rule changes, or remove it");
        }

        return new CompiledRule(index, rule, set, loosen, arrived);
    }

    private static void When(string place, RuleWhenConfig when, PolicyCheck check)
    {
        check.Range(place + ".input_bytes_above", when.InputBytesAbove, 0, Limits.RequestBytesMax);
        check.Range(place + ".input_bytes_below", when.InputBytesBelow, 1, Limits.RequestBytesMax);
        if (when.InputBytesAbove is { } above && when.InputBytesBelow is { } below && above >= below - 1)
        {
            check.Fail(place + ".input_bytes_below", $"a size above input_bytes_above ({above}) with one between them", $"the number {below}", "Make input_bytes_below the larger one");
        }

        if (when.Tags?.Count > Limits.TagsPerRequestMax) check.Fail(place + ".tags", $"at most {Limits.TagsPerRequestMax} tags, as in a request", $"{when.Tags.Count}", "Remove some");
    }

    private static PrivacyCeiling? Loosen(RuleConfig rule, string place, PolicyCheck check)
    {
        if (rule.Loosen is null) return null;
        if (string.IsNullOrWhiteSpace(rule.When.Tenant))
        {
            check.Fail(place + ".when.tenant", "the one tenant whose ceiling is loosened", "none", "Add when.tenant, or remove loosen");
        }

        return check.Ceiling(place + ".loosen.privacy", rule.Loosen.Privacy ?? "");
    }
}
