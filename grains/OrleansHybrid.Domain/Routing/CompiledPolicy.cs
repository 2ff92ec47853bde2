using System.Collections.Concurrent;

namespace OrleansHybrid.Domain.Routing;

/// <summary>A policy after compilation: what the planner evaluates. Immutable.</summary>
public sealed class CompiledPolicy
{
    private readonly Dictionary<string, CompiledRule[]> byModel = new(StringComparer.Ordinal);
    private readonly CompiledRule[] forAnyModel;
    private readonly ZonePrices[] prices;

    internal CompiledPolicy(
        string name,
        long revision,
        CompiledRule[] rules,
        RuleValues defaults,
        ZonePrices[] prices,
        IReadOnlyList<string> privateTags,
        IReadOnlyList<QuotaConfig> quotas,
        IReadOnlyList<ShedItem> shed)
    {
        (Name, Revision, Rules, Defaults, PrivateTags, Quotas, Shed) = (name, revision, rules, defaults, privateTags, quotas, shed);
        this.prices = prices;
        forAnyModel = rules.Where(rule => rule.Model is null).ToArray();
        foreach (var model in rules.Select(rule => rule.Model).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            byModel[model] = rules.Where(rule => rule.Model is null || rule.Model == model).ToArray();
        }
    }

    /// <summary>No rules, the built-in defaults.</summary>
    public static CompiledPolicy Empty { get; } = new("", 0, [], default, new ZonePrices[3], [], [], []);

    public string Name { get; }

    /// <summary>0 before any policy.</summary>
    public long Revision { get; }

    /// <summary>In the policy's order; <see cref="RuleCode.PolicyIndex"/> points into it.</summary>
    public IReadOnlyList<CompiledRule> Rules { get; }

    public RuleValues Defaults { get; }

    /// <summary>Names of tags that are never logged and never leave the zone.</summary>
    public IReadOnlyList<string> PrivateTags { get; }

    public IReadOnlyList<QuotaConfig> Quotas { get; }

    /// <summary>What degrades first under load, in order: <see cref="SnapshotInputs.Pressure"/> says how many are shed.</summary>
    public IReadOnlyList<ShedItem> Shed { get; }

    /// <summary>Compact reasons by the codes they render, since the same few are in nearly every answer.</summary>
    internal ConcurrentDictionary<ulong, string> Reasons { get; } = new();

    public ZonePrices PricesIn(Zone zone) => prices[(int)zone];

    /// <summary>The rule's id: a policy's begins with a capital, a built-in one does not.</summary>
    public string IdOf(RuleCode rule) => rule.PolicyIndex >= 0 ? Rules[rule.PolicyIndex].Id : BuiltInRules.Id(rule.BuiltIn);

    /// <summary>The rules that can match a request for the model, in order.</summary>
    internal CompiledRule[] RulesFor(string model) => byModel.GetValueOrDefault(model) ?? forAnyModel;
}

/// <summary>Prices of one zone, micro-USD: see <see cref="PriceConfig"/>.</summary>
public readonly record struct ZonePrices(double ComputeMs, double LoadedMibHour, double WanKib, double Watts);
