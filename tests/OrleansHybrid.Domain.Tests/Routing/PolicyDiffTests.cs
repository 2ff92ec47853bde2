using CsCheck;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Routing;

public class PolicyDiffTests
{
    private static readonly RuleConfig Bedroom = new()
    {
        Id = "R01",
        When = new RuleWhenConfig("keyword", Tags: new Dictionary<string, string> { ["room"] = "bedroom" }),
        Set = new RuleSetConfig(Privacy: "edge"),
        Because = "Stays in the region.",
        Owner = "privacy-office",
    };

    private static readonly RuleConfig Study = new() { Id = "R03", When = new RuleWhenConfig("triage", "research"), Loosen = new RuleLoosenConfig("edge"), Because = "Consent.", Owner = "privacy-office" };

    [Fact]
    public void Change_is_told_value_by_value()
    {
        var after = Policy(Bedroom with { Set = new RuleSetConfig(Privacy: "device"), Owner = "legal" }) with { PrivateTags = ["patient"], Prices = new Dictionary<string, PriceConfig> { ["edge"] = new(0.5) }, Shed = ["mirror"] };
        var difference = PolicyDiff.Between(Policy(Bedroom, Study), after);

        PolicyChange[] expected =
        [
            new("prices.edge.compute_ms", null, "0.5"), new("prices.edge.loaded_mib_hour", null, "0"), new("prices.edge.wan_kib", null, "0"), new("prices.edge.watts", null, "0"),
            new("private_tags[patient]", null, "private"),
            new("rules[R01].set.privacy", "edge", "device"), new("rules[R01].owner", "privacy-office", "legal"), new("shed[mirror]", null, "place 1"),
            new("rules[R03]", "place 2", null), new("rules[R03].when.model", "triage", null), new("rules[R03].when.tenant", "research", null), new("rules[R03].loosen.privacy", "edge", null),
            new("rules[R03].because", "Consent.", null), new("rules[R03].owner", "privacy-office", null),
        ];
        Assert.Equal(expected, difference.Changes);
        Assert.Empty(difference.Laxer);
    }

    [Fact]
    public void Same_policy_differs_in_nothing() => Assert.Equal((0, 0), (PolicyDiff.Between(Policy(Bedroom), Policy(Bedroom)).Changes.Count, PolicyDiff.Between(Policy(Bedroom), Policy(Bedroom)).Laxer.Count));

    public static TheoryData<string> LaxerCases => ["ceiling raised", "rule gone", "conditions added", "tag of another value", "loosened anew", "loosened further", "loosened for more", "tag opened"];

    [Theory]
    [MemberData(nameof(LaxerCases))]
    public void Change_that_lets_more_out_is_named(string change)
    {
        var (before, after, place) = change switch
        {
            "ceiling raised" => (Policy(Bedroom), Policy(Bedroom with { Set = new RuleSetConfig(Privacy: "any") }), "rules[R01]"),
            "rule gone" => (Policy(Bedroom), Policy(), "rules[R01]"),
            "conditions added" => (Policy(Bedroom), Policy(Bedroom with { When = Bedroom.When with { InputBytesAbove = 10 } }), "rules[R01]"),
            "tag of another value" => (Policy(Bedroom), Policy(Bedroom with { When = new RuleWhenConfig("keyword", Tags: new Dictionary<string, string> { ["room"] = "bath" }) }), "rules[R01]"),
            "loosened anew" => (Policy(), Policy(Study), "rules[R03]"),
            "loosened further" => (Policy(Study), Policy(Study with { Loosen = new RuleLoosenConfig("any") }), "rules[R03]"),
            "loosened for more" => (Policy(Study), Policy(Study with { When = new RuleWhenConfig(Tenant: "research") }), "rules[R03]"),
            _ => (Policy() with { PrivateTags = ["patient"] }, Policy(), "private_tags[patient]"),
        };

        Assert.Equal(place, Assert.Single(PolicyDiff.Between(before, after).Laxer).Place);
        if (change.Contains("loosened", StringComparison.Ordinal)) Assert.Empty(PolicyDiff.Between(after, before).Laxer);
    }

    [Fact]
    public void Wider_rule_of_another_name_holds_what_a_narrow_one_held()
    {
        var wide = Bedroom with { Id = "R09", When = new RuleWhenConfig("keyword"), Set = new RuleSetConfig(Privacy: "device") };
        Assert.Empty(PolicyDiff.Between(Policy(Bedroom), Policy(wide)).Laxer);
    }

    /// <summary>The promise of the empty list: no request reaches a higher zone than before.</summary>
    [Fact]
    public void Policy_that_is_laxer_in_nothing_raises_no_ceiling() => Gen.Select(Rules, Rules, Requests.Array[20], Gen.Enum<PrivacyCeiling>()).Sample((before, after, requests, manifest) =>
    {
        var (old, now) = (Policy([.. before.Select(Named)]), Policy([.. after.Select(Named)]));
        if (PolicyDiff.Between(old, now).Laxer.Count > 0) return;
        var (was, becomes) = (PolicyCompiler.Compile(old).Policy!, PolicyCompiler.Compile(now).Policy!);
        foreach (var request in requests) Assert.True(Ceiling(becomes, request, manifest) <= Ceiling(was, request, manifest));
    }, iter: 3000);

    private static Gen<RuleConfig[]> Rules { get; } = Gen.Select(Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Bool).Select((model, tenant, tag, bytes, ceiling, loosens) => new RuleConfig
    {
        When = new RuleWhenConfig(model == 0 ? null : $"m{model}", loosens || tenant > 0 ? $"t{Math.Max(tenant, 1)}" : null, tag == 0 ? null : new Dictionary<string, string> { ["room"] = $"r{tag}" }, bytes == 1 ? 10 : null, bytes == 2 ? 20 : null),
        Set = loosens ? null : new RuleSetConfig(Privacy: PrivacyCeilings.AllNames[ceiling]),
        Loosen = loosens ? new RuleLoosenConfig(PrivacyCeilings.AllNames[ceiling]) : null,
        Because = "Generated.",
        Owner = "tests",
    }).Array[0, 3];

    private static Gen<(int Model, int Tenant, int Tag, long Bytes)> Requests { get; } = Gen.Select(Gen.Int[1, 2], Gen.Int[1, 2], Gen.Int[0, 2], Gen.Long[5, 25]);

    private static RuleConfig Named(RuleConfig rule, int index) => rule with { Id = $"R{index}" };

    private static PrivacyCeiling Ceiling(CompiledPolicy policy, (int Model, int Tenant, int Tag, long Bytes) request, PrivacyCeiling manifest)
    {
        var farm = new Farm();
        farm.AddVersion($"m{request.Model}", 1, manifest, null, [], []);
        var tags = request.Tag == 0 ? RouteParameters.NoTags : new Dictionary<string, string> { ["room"] = $"r{request.Tag}" };
        var plan = new PlanRequest($"m{request.Model}", null, RouteParameters.None with { Tags = tags }, new Caller($"t{request.Tenant}", [], false, null), request.Bytes, Limits.DeadlineMax);
        return RoutePlanner.Plan(plan, SnapshotBuilder.Build(farm.Inputs() with { Policy = policy }), DateTimeOffset.UnixEpoch).Settings.Ceiling;
    }

    private static PolicyConfig Policy(params RuleConfig[] rules) => new() { Policy = "p", Revision = 1, Rules = rules };
}
