using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Routing;

public class PolicyCompilerTests
{
    private static readonly RuleConfig Good = new() { Id = "R01", Set = new RuleSetConfig(Privacy: "edge"), Because = "Stays here.", Owner = "privacy-office" };

    [Fact]
    public void Policy_of_the_design_compiles_whole()
    {
        var compiled = PolicyCompiler.Compile(new PolicyConfig
        {
            Policy = "farm-default",
            Revision = 7,
            Prices = new Dictionary<string, PriceConfig> { ["edge"] = new(0.2, 0.5, 0, 15), ["cloud"] = new(1.0, 1.0, 0.1, 120) },
            PrivateTags = ["patient"],
            Defaults = new RuleSetConfig(Mode: "AUTO", Objective: "balanced", LatencyTargetMs: 150),
            Rules =
            [
                Good with { When = new RuleWhenConfig("keyword", Tags: new Dictionary<string, string> { ["room"] = "bedroom" }) },
                Good with { Id = "R02", When = new RuleWhenConfig(Tenant: "free", InputBytesAbove: 1_000_000, ArrivedIn: "device"), Set = new RuleSetConfig(Mode: "PREFER_EDGE", MaxCostMicrousd: 20) },
                Good with { Id = "R03", When = new RuleWhenConfig("triage", "research"), Set = null, Loosen = new RuleLoosenConfig("any") },
            ],
            Quotas = [new QuotaConfig("free", 600, 5_000_000, "finance")],
            Shed = ["mirror", "explain", "escalation", "tenant:free"],
        });

        Assert.Empty(compiled.Errors);
        var policy = compiled.Policy!;
        Assert.Equal((7, "farm-default", 3), (policy.Revision, policy.Name, policy.Rules.Count));
        Assert.Equal(PrivacyCeiling.Edge, policy.Rules[0].Set.Privacy);
        Assert.Equal(PrivacyCeiling.Any, policy.Rules[2].Loosen);
        Assert.Equal(120, policy.PricesIn(Zone.Cloud).Watts);
        Assert.Equal("R02", policy.IdOf(RuleCode.Policy(1)));
    }

    [Fact]
    public void Policy_with_many_errors_lists_each_with_place_and_remedy()
    {
        var compiled = PolicyCompiler.Compile(new PolicyConfig
        {
            Prices = new Dictionary<string, PriceConfig> { ["moon"] = new(1), ["edge"] = new(-1, double.NaN) },
            PrivateTags = [""],
            Defaults = new RuleSetConfig(Privacy: "edge", Mode: "FAST", LatencyTargetMs: 0),
            Rules =
            [
                new RuleConfig { Id = "r1", When = new RuleWhenConfig(ArrivedIn: "space", InputBytesAbove: 5, InputBytesBelow: 6), Set = new RuleSetConfig(Privacy: "secret", Objective: "best", ConfidenceFloor: 1.5, MaxCostMicrousd: -1) },
                Good,
                Good,
                Good with { Id = "R04", Set = null, Loosen = new RuleLoosenConfig("any") },
                Good with { Id = "R05", Set = null },
            ],
            Quotas = [new QuotaConfig()],
            Shed = ["privacy", "tenant:"],
        });

        Assert.Null(compiled.Policy);
        Assert.All(compiled.Errors, e => Assert.True(e.Problem.Length > 0 && e.Remedy.Length > 0 && e.ToString().StartsWith(e.Place, StringComparison.Ordinal)));
        string[] expected =
        [
            "policy", "revision", "prices.moon", "prices.edge.compute_ms", "prices.edge.loaded_mib_hour", "defaults.latency_target_ms", "defaults.mode", "defaults.privacy",
            "rules[0].id", "rules[0].because", "rules[0].owner", "rules[0].when.arrived_in", "rules[0].when.input_bytes_below", "rules[0].set.max_cost_microusd", "rules[0].set.confidence_floor",
            "rules[0].set.privacy", "rules[0].set.objective", "rules[2].id", "rules[3].when.tenant", "rules[4].set",
            "private_tags[0]", "quotas[0].tenant", "quotas[0].owner", "quotas[0].requests_per_minute", "shed[0]", "shed[1]",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), compiled.Errors.Select(e => e.Place).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Entries_that_come_twice_are_refused()
    {
        var compiled = PolicyCompiler.Compile(new PolicyConfig
        {
            Policy = "p",
            Revision = 1,
            PrivateTags = ["patient", "patient"],
            Quotas = [new QuotaConfig("free", 1, null, "finance"), new QuotaConfig("free", null, 1, "finance")],
            Shed = ["mirror", "audit", "mirror"],
        });

        Assert.Equal(["private_tags[1]", "shed[2]", "shed[1]", "quotas[1].tenant"], compiled.Errors.Select(e => e.Place));
        Assert.Contains("never degrade", compiled.Errors[2].Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_beyond_their_limits_are_refused()
    {
        var compiled = PolicyCompiler.Compile(new PolicyConfig
        {
            Policy = "p",
            Revision = 1,
            Prices = new Dictionary<string, PriceConfig> { ["cloud"] = new(2e9, 0, double.PositiveInfinity, 1e6) },
            Defaults = new RuleSetConfig(LatencyTargetMs: 300_001),
            Rules = [Good with { When = new RuleWhenConfig(InputBytesBelow: 0) }],
            Quotas = [new QuotaConfig("free", long.MaxValue, -1, "finance")],
        });

        string[] expected = ["prices.cloud.compute_ms", "prices.cloud.wan_kib", "prices.cloud.watts", "defaults.latency_target_ms", "rules[0].when.input_bytes_below", "quotas[0].requests_per_minute", "quotas[0].money_per_day_microusd"];
        Assert.Equal(expected, compiled.Errors.Select(e => e.Place));
    }

    [Theory]
    [InlineData("R01", true)]
    [InlineData("Privacy-rule_7", true)]
    [InlineData("ceiling", false)]
    [InlineData("", false)]
    [InlineData("R 1", false)]
    [InlineData("R;1", false)]
    public void Rule_id_begins_with_a_capital_and_fits_in_a_reason(string id, bool good) =>
        Assert.Equal(good, PolicyCompiler.Compile(new PolicyConfig { Policy = "p", Revision = 1, Rules = [Good with { Id = id }] }).Policy is not null);

    [Fact]
    public void Built_in_ids_are_distinct_lower_case_words()
    {
        Assert.Equal(BuiltInRules.AllIds.Count(), BuiltInRules.AllIds.Distinct().Count());
        Assert.Equal(Enum.GetValues<BuiltInRule>().Length, BuiltInRules.AllIds.Count());
        Assert.All(BuiltInRules.AllIds, id => Assert.Matches("^[a-z]+$", id));
        Assert.All(Enum.GetValues<BuiltInRule>(), rule => Assert.Equal(rule.ToString().ToLowerInvariant(), BuiltInRules.Id(rule)));
    }

    [Fact]
    public void Too_many_rules_are_refused()
    {
        var rules = Enumerable.Range(0, Limits.RulesPerPolicyMax + 1).Select(i => Good with { Id = "R" + i }).ToArray();
        Assert.Equal("rules", Assert.Single(PolicyCompiler.Compile(new PolicyConfig { Policy = "p", Revision = 1, Rules = rules }).Errors).Place);
    }

    [Fact]
    public void Empty_policy_has_revision_zero_and_no_rules() => Assert.Equal((0, 0), (CompiledPolicy.Empty.Revision, CompiledPolicy.Empty.Rules.Count));
}
