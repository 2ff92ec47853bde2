using System.Globalization;

namespace OrleansHybrid.Domain.Routing;

/// <summary>One value that differs between two policies.</summary>
/// <param name="Place">The key path; a rule, a quota and an entry of a list by its own name, as in <c>rules[R01].set.privacy</c>.</param>
/// <param name="Before">Null: it is new.</param>
/// <param name="After">Null: it is gone.</param>
public sealed record PolicyChange(string Place, string? Before, string? After);

/// <summary>What differs between two policies, and which of it lets raw input out further.</summary>
/// <param name="Laxer">See <see cref="PolicyLaxness"/>; empty: no request may reach a higher zone than before, and no tag is less private.</param>
public sealed record PolicyDifference(IReadOnlyList<PolicyChange> Changes, IReadOnlyList<PolicyLaxity> Laxer);

/// <summary>Compares policies value by value. Pure.</summary>
public static class PolicyDiff
{
    /// <param name="before">The policy in force; an empty one when there is none.</param>
    public static PolicyDifference Between(PolicyConfig before, PolicyConfig after)
    {
        var (old, now) = (Flatten(before), Flatten(after));
        var places = now.Keys.Concat(old.Keys.Where(k => !now.ContainsKey(k)));
        var changes = places.Select(p => new PolicyChange(p, old.GetValueOrDefault(p), now.GetValueOrDefault(p))).Where(c => c.Before != c.After);
        return new PolicyDifference([.. changes], PolicyLaxness.Of(before, after));
    }

    /// <summary>Every value under its place, in the order of the schema.</summary>
    private static Dictionary<string, string> Flatten(PolicyConfig policy)
    {
        var flat = new Flat();
        flat.Add("policy", policy.Policy);
        flat.Add("revision", policy.Revision);
        foreach (var (zone, price) in policy.Prices.OrderBy(p => p.Key, StringComparer.Ordinal)) Price(flat, $"prices.{zone}", price);
        foreach (var tag in policy.PrivateTags) flat.Add($"private_tags[{tag}]", "private");
        Set(flat, "defaults", policy.Defaults);
        for (var i = 0; i < policy.Rules.Count; i++) Rule(flat, policy.Rules[i], i);
        foreach (var quota in policy.Quotas) Quota(flat, $"quotas[{quota.Tenant}]", quota);
        for (var i = 0; i < policy.Shed.Count; i++) flat.Add($"shed[{policy.Shed[i]}]", $"place {i + 1}");
        return flat.Values;
    }

    private static void Price(Flat flat, string place, PriceConfig price)
    {
        flat.Add(place + ".compute_ms", price.ComputeMs);
        flat.Add(place + ".loaded_mib_hour", price.LoadedMibHour);
        flat.Add(place + ".wan_kib", price.WanKib);
        flat.Add(place + ".watts", price.Watts);
    }

    private static void Rule(Flat flat, RuleConfig rule, int index)
    {
        var place = $"rules[{rule.Id}]";
        flat.Add(place, $"place {index + 1}");
        flat.Add(place + ".when.model", rule.When.Model);
        flat.Add(place + ".when.tenant", rule.When.Tenant);
        foreach (var (name, value) in rule.When.Tags?.OrderBy(t => t.Key, StringComparer.Ordinal) ?? Enumerable.Empty<KeyValuePair<string, string>>()) flat.Add($"{place}.when.tags.{name}", value);
        flat.Add(place + ".when.input_bytes_above", rule.When.InputBytesAbove);
        flat.Add(place + ".when.input_bytes_below", rule.When.InputBytesBelow);
        flat.Add(place + ".when.arrived_in", rule.When.ArrivedIn);
        Set(flat, place + ".set", rule.Set ?? new RuleSetConfig());
        flat.Add(place + ".loosen.privacy", rule.Loosen?.Privacy);
        flat.Add(place + ".because", rule.Because);
        flat.Add(place + ".owner", rule.Owner);
    }

    private static void Set(Flat flat, string place, RuleSetConfig set)
    {
        flat.Add(place + ".privacy", set.Privacy);
        flat.Add(place + ".mode", set.Mode);
        flat.Add(place + ".objective", set.Objective);
        flat.Add(place + ".latency_target_ms", set.LatencyTargetMs);
        flat.Add(place + ".max_cost_microusd", set.MaxCostMicrousd);
        flat.Add(place + ".confidence_floor", set.ConfidenceFloor);
    }

    private static void Quota(Flat flat, string place, QuotaConfig quota)
    {
        flat.Add(place + ".requests_per_minute", quota.RequestsPerMinute);
        flat.Add(place + ".money_per_day_microusd", quota.MoneyPerDayMicrousd);
        flat.Add(place + ".owner", quota.Owner);
    }

    private sealed class Flat
    {
        public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

        public void Add(string place, IFormattable? value) => Add(place, value?.ToString(null, CultureInfo.InvariantCulture));

        public void Add(string place, string? value)
        {
            if (!string.IsNullOrEmpty(value)) Values[place] = value;
        }
    }
}
