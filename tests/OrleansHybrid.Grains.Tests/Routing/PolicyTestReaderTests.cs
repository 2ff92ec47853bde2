using System.Text;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Grains.Tests.Harness;
using OrleansHybrid.Yaml.Routing;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Routing;

public class PolicyTestReaderTests
{
    private const string Good = """
        farm: { device_edge_ms: 5, edge_cloud_ms: 50.5, device_cloud_ms: 60, memory_mib: 512 }
        tests:
          - name: All there is.
            given: { model: keyword, version: 1, tenant: free, tags: { room: bedroom }, input_bytes: 100, mode: AUTO, privacy: any, latency_target_ms: 50, max_cost_microusd: 9, confidence_floor: 0.5, arrived_in: device, hard: 0.9, money_left_microusd: 4, assume: { cloud: down, edge: slow, battery_percent: 10 } }
            expect: { zone: edge, excluded: { cloud: R01, device: mode }, escalates_to: none, privacy: edge, rule: R01, refused: false, cost_at_most_microusd: 5, latency_at_most_ms: 2.5 }
          - name: Nearly nothing.
            given: { model: keyword }
            expect: { refused: true }

        """;

    private static readonly YamlSchema Schema = new("docs/reference/schemas/policy-tests.schema.json");

    public static TheoryData<string, string, bool, string[]> Bad => new()
    {
        { "tests:", "test:", true, ["t.yaml:1:1 tests: expected the key; came none. Add 'tests'.", "t.yaml:2:1 test: expected one of farm, tests; came the unknown key 'test'. Did you mean 'tests'?"] },
        { "name: Nearly nothing.", "name: All there is.", false, ["t.yaml:6:11 tests[1].name: expected each name once; came 'All there is.' a second time. Give each case its own name."] },
        { "expect: { refused: true }", "expect: {}", true, ["t.yaml:8:13 tests[1].expect: expected at least one expectation; came none. Say what must come of the request."] },
        { "given: { model: keyword }", "given: {}", true, ["t.yaml:7:12 tests[1].given.model: expected the key; came none. Add 'model'."] },
        { "refused: true", "refused: yes, zone: edge1", true, ["t.yaml:8:24 tests[1].expect.refused: expected true or false; came 'yes'. Write one of them without quotes.", "t.yaml:8:35 tests[1].expect.zone: expected one of device, edge, cloud, none; came 'edge1'. Did you mean 'edge'?"] },
        { "battery_percent: 10", "battery_percent: 101", true, ["t.yaml:4:300 tests[0].given.assume.battery_percent: expected a whole number from 0 to 100; came the number 101. Choose one in this range."] },
        { "cloud: down", "cloud: gone", true, ["t.yaml:4:265 tests[0].given.assume.cloud: expected one of down, slow, up; came 'gone'. Write one of these words."] },
        { "excluded: { cloud: R01,", "excluded: { moon: R01,", true, ["t.yaml:5:39 tests[0].expect.excluded.moon: expected one of device, edge, cloud; came the unknown key 'moon'. Remove it."] },
    };

    [Fact]
    public async Task Tests_that_are_right_are_read_whole_and_accepted_by_the_schema()
    {
        var read = Read(Good);
        Assert.Empty(read.Lines);
        Assert.True(await Schema.AcceptsAsync(Good));
        Assert.Equal(new PolicyTestFarm(5, 50.5, 60, 512), read.Tests!.Farm);
        var (given, expect) = (read.Tests.Tests[0].Given, read.Tests.Tests[0].Expect);
        Assert.Equal(("keyword", 1, "free", 100L, Zone.Device, 0.9, 4.0), (given.Model, given.Version, given.Tenant, given.InputBytes, given.ArrivedIn, given.Hard, given.MoneyLeftMicrousd));
        Assert.Equal((RouteMode.Auto, PrivacyCeiling.Any, 50L, 9L, 0.5, "bedroom"), (given.Parameters.Mode, given.Parameters.Privacy, given.Parameters.LatencyTargetMs, given.Parameters.MaxCostMicrousd, given.Parameters.ConfidenceFloor, given.Parameters.Tags["room"]));
        Assert.Equal([("battery_percent", "10"), ("cloud", "down"), ("edge", "slow")], given.Assume.Select(a => (a.Key, a.Value)).Order());
        Assert.Equal(("edge", "none", "edge", "R01", false, 5.0, 2.5, 2), (expect.Zone, expect.EscalatesTo, expect.Privacy, expect.Rule, expect.Refused, expect.CostAtMostMicrousd, expect.LatencyAtMostMs, expect.Excluded.Count));
        Assert.Equal((Zone.Edge, Caller.DefaultTenant, null), (read.Tests.Tests[1].Given.ArrivedIn, read.Tests.Tests[1].Given.Tenant, read.Tests.Tests[1].Given.InputBytes));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Tests_that_are_wrong_list_exactly_their_errors(string find, string replace, bool inSchema, string[] errors)
    {
        var yaml = Good.Replace(find, replace, StringComparison.Ordinal);
        Assert.NotEqual(Good, yaml);
        Assert.Equal(errors, Read(yaml).Lines);
        Assert.Null(Read(yaml).Tests);
        Assert.Equal(!inSchema, await Schema.AcceptsAsync(yaml));
    }

    private static PolicyTestReading Read(string yaml) => PolicyTestReader.Read(Encoding.UTF8.GetBytes(yaml), "t.yaml");
}
