using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Routing;

public class PolicyTestRunnerTests
{
    private static readonly IReadOnlyDictionary<string, string> Nothing = RouteParameters.NoTags;
    private static readonly PolicyTestGiven Keyword = new("keyword", null, Caller.DefaultTenant, RouteParameters.None, null, Zone.Edge, 0, null, Nothing);
    private static readonly PolicyTestExpect Expect = new(null, Nothing, null, null, null, null, null, null);
    private static readonly PolicyTestGiven Bedroom = Keyword with { Parameters = RouteParameters.None with { Tags = new Dictionary<string, string> { ["room"] = "bedroom" } } };

    [Fact]
    public void Case_whose_every_expectation_holds_passes() => AssertPasses(
        Bedroom, Expect with { Zone = "edge", Excluded = new Dictionary<string, string> { ["cloud"] = "R01" }, EscalatesTo = "none", Privacy = "edge", Rule = "only", Refused = false, CostAtMostMicrousd = 0.2, LatencyAtMostMs = 1 });

    [Fact]
    public void Escalation_is_where_an_unsure_answer_goes() => AssertPasses(Keyword, Expect with { Zone = "edge", EscalatesTo = "cloud", Rule = "floor" });

    [Fact]
    public void Device_reaches_the_cloud_through_its_edge_alone_unless_the_farm_says_otherwise()
    {
        AssertPasses(Keyword with { ArrivedIn = Zone.Device }, Expect with { Zone = "device", EscalatesTo = "edge", Excluded = new Dictionary<string, string> { ["cloud"] = "unlinked" } });
        Assert.True(Run(new PolicyTestFarm(DeviceCloudMs: 40), Keyword with { ArrivedIn = Zone.Device, Assume = new Dictionary<string, string> { ["edge"] = "down" } }, Expect with { EscalatesTo = "cloud" }).Passed);
    }

    [Fact]
    public void Money_left_rules_out_what_costs_more()
    {
        AssertPasses(Keyword with { MoneyLeftMicrousd = 1 }, Expect with { Zone = "edge", Excluded = new Dictionary<string, string> { ["cloud"] = "quota" } });
        AssertPasses(Keyword with { MoneyLeftMicrousd = 0 }, Expect with { Refused = true, Zone = "none" });
    }

    [Fact]
    public void Input_of_one_row_is_what_a_case_without_bytes_costs()
    {
        // 4 samples of 2 bytes over a link of 0.1 a KiB, 12 ms in the cloud and 1 ms at the edge.
        AssertPasses(Keyword, Expect with { CostAtMostMicrousd = 12.201 });
        AssertFails(Keyword, Expect with { CostAtMostMicrousd = 12.2 }, "cost_at_most_microusd: expected at most 12.2; came 12.201. edge is chosen by floor: Answers first. Unsure answers, below the confidence floor 0.7, go one zone up.");
    }

    [Fact]
    public void Every_expectation_that_fails_is_told_with_the_planners_sentence()
    {
        var result = Run(new PolicyTestFarm(), Bedroom, Expect with { Zone = "cloud", Excluded = new Dictionary<string, string> { ["cloud"] = "R02", ["edge"] = "mode", ["device"] = "mode" }, EscalatesTo = "cloud", Privacy = "any", Rule = "R09", Refused = true, LatencyAtMostMs = 0.5 });
        Assert.Equal(["refused", "zone", "rule", "excluded.cloud", "excluded.edge", "excluded.device", "escalates_to", "privacy", "latency_at_most_ms"], result.Failures.Select(f => f.Expectation));
        Assert.Equal("excluded.cloud: expected R02; came R01. cloud is excluded by R01: Stays in the region.", result.Failures[3].ToString());
        Assert.Equal("chosen", result.Failures[4].Came);
        Assert.Equal("not judged", result.Failures[5].Came);
        Assert.StartsWith("FAILED: case\n  refused: expected true; came false.", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Model_that_is_not_there_is_refused_in_the_planners_words() =>
        Assert.Contains("'nothing'", Assert.Single(Run(new PolicyTestFarm(), Keyword with { Model = "nothing" }, Expect with { Refused = false }).Failures).Sentence, StringComparison.Ordinal);

    [Fact]
    public void Report_passes_only_when_something_ran_and_all_of_it_passed()
    {
        Assert.False(new PolicyTestReport([], []).Passed);
        Assert.False(new PolicyTestReport([new PolicyTestResult("a", [])], ["t.yaml: broken"]).Passed);
        Assert.True(new PolicyTestReport([new PolicyTestResult("a", [])], []).Passed);
        Assert.EndsWith("1 of 1 policy tests passed.", new PolicyTestReport([new PolicyTestResult("a", [])], []).ToString(), StringComparison.Ordinal);
    }

    private static void AssertPasses(PolicyTestGiven given, PolicyTestExpect expect) => Assert.True(Run(new PolicyTestFarm(), given, expect).Passed, Run(new PolicyTestFarm(), given, expect).ToString());

    private static void AssertFails(PolicyTestGiven given, PolicyTestExpect expect, string failure) => Assert.Equal(failure, Assert.Single(Run(new PolicyTestFarm(), given, expect).Failures).ToString());

    private static PolicyTestResult Run(PolicyTestFarm on, PolicyTestGiven given, PolicyTestExpect expect)
    {
        var farm = new Farm();
        farm.AddVersion("keyword", 1, PrivacyCeiling.Any, 0.7, [Farm.Variant("tiny", 1, Zone.Device, Zone.Edge), Farm.Variant("large", 12, Zone.Cloud)], []);
        var manifests = farm.Catalogue().Models.Values.SelectMany(m => m.Versions).Select(v => v.Manifest!).ToArray();
        var policy = PolicyCompiler.Compile(new PolicyConfig
        {
            Policy = "p",
            Revision = 1,
            Prices = new Dictionary<string, PriceConfig> { ["edge"] = new(0.2), ["cloud"] = new(1, 0, 0.1) },
            Rules = [new RuleConfig { Id = "R01", When = new RuleWhenConfig("keyword", Tags: new Dictionary<string, string> { ["room"] = "bedroom" }), Set = new RuleSetConfig(Privacy: "edge"), Because = "Stays in the region.", Owner = "tests" }],
        }).Policy!;
        return Assert.Single(PolicyTestRunner.Run(policy, new PolicyTestConfig(on, [new PolicyTestCase("case", given, expect)]), manifests));
    }
}
