using System.Globalization;
using System.Text;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Grains.Tests.Harness;
using OrleansHybrid.Yaml.Routing;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Routing;

public class PolicyReaderTests
{
    private static readonly YamlSchema Schema = new("docs/reference/schemas/policy.schema.json");

    public static TheoryData<string> Bad => new(BrokenPolicyTable.Cases.Select(c => c.Name));

    public static TheoryData<string> Good =>
    [
        PolicySample.Good,
        "policy: p\nrevision: 1\n",
        "policy: p\nrevision: 9223372036854775807\nrules: []\nquotas: []\nshed: []\nprivate_tags: []\nprices: {}\ndefaults: {}\n",
        PolicySample.Good.Replace("set:  { privacy: edge }", "set: { privacy: device, objective: quality, confidence_floor: 1, latency_target_ms: 300000, max_cost_microusd: 0 }\n    loosen: {privacy: any}").Replace("when: { model: keyword,", "when: { model: keyword, tenant: research,"),
        PolicySample.Good.Replace("tags: { room: bedroom }", "tags: { \"Raum 1\": \"Bad/WC \\u00e4\" }").Replace("    when: { tenant: free, input_bytes_above: 1000000, arrived_in: device }\n", ""),
        PolicySample.Good.Replace("requests_per_minute: 600, ", "").Replace("because: Speech from", "because: >\n      Speech from"),
        PolicySample.Good.Replace("prices:", "# what it costs\nprices:").Replace("compute_ms: 0.2", "compute_ms: 2e-1"),
    ];

    [Theory]
    [MemberData(nameof(Bad))]
    public void Policy_that_is_broken_lists_exactly_its_errors(string name)
    {
        var broken = Case(name);
        var read = PolicyReader.Read(broken.Bytes, BrokenPolicy.File);
        Assert.Null(read.Policy);
        Assert.Null(read.Config);
        Assert.Equal(broken.Errors, read.Lines);
        Assert.NotEmpty(read.Lines);
        Assert.Equal(read.Lines, read.Errors.Select(e => e.Render(BrokenPolicy.File)));
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Policy_that_a_schema_can_refuse_is_refused_by_ours(string name)
    {
        if (Case(name) is { InSchema: { } refused } broken) Assert.Equal(!refused, await Schema.AcceptsAsync(broken.Yaml));
    }

    [Theory]
    [MemberData(nameof(Good))]
    public async Task Policy_that_is_right_is_accepted_by_reader_and_schema(string yaml)
    {
        Assert.Empty(Read(yaml).Lines);
        Assert.True(await Schema.AcceptsAsync(yaml));
    }

    [Fact]
    public void Policy_that_is_right_is_read_whole()
    {
        var policy = Read(PolicySample.Good).Policy!;
        Assert.Equal(("farm-default", 7, 3), (policy.Name, policy.Revision, policy.Rules.Count));
        Assert.Equal(new ZonePrices(1, 1, 0.1, 120), policy.PricesIn(Zone.Cloud));
        Assert.Equal(default, policy.PricesIn(Zone.Device));
        Assert.Equal(["patient"], policy.PrivateTags);
        Assert.Equal(new RuleValues(null, RouteMode.Auto, RouteObjective.Balanced, 150, null, null), policy.Defaults);
        Assert.Equal(("R01", "keyword", PrivacyCeiling.Edge), (policy.Rules[0].Id, policy.Rules[0].Model, policy.Rules[0].Set.Privacy));
        Assert.Equal((RouteMode.PreferEdge, 20), (policy.Rules[1].Set.Mode, policy.Rules[1].Set.MaxCostMicrousd));
        Assert.Equal(PrivacyCeiling.Any, policy.Rules[2].Loosen);
        Assert.Equal(new QuotaConfig("free", 600, 5_000_000, "finance"), Assert.Single(policy.Quotas));
        Assert.Equal(["mirror", "explain", "escalation", "tenant:free"], policy.Shed.Select(s => s.ToString()));
    }

    [Fact]
    public void Policy_of_the_most_rules_is_read()
    {
        var rules = Enumerable.Range(0, Limits.RulesPerPolicyMax).Select(i => string.Create(
            CultureInfo.InvariantCulture, $"  - {{ id: R{i}, when: {{ model: m{i}, tenant: t, tags: {{ a: b, c: d }}, input_bytes_above: {i} }}, set: {{ privacy: edge, mode: AUTO }}, because: So., owner: me }}\n"));
        Assert.Equal(Limits.RulesPerPolicyMax, Read("policy: p\nrevision: 1\nrules:\n" + string.Concat(rules)).Policy!.Rules.Count);
    }

    [Fact]
    public void Errors_beyond_the_first_hundred_are_counted()
    {
        var tags = string.Join(", ", Enumerable.Repeat("''", Limits.PrivateTagsMax));
        var read = Read($"policy: p\nprivate_tags: [{tags}]\nshed: [audit]\n");
        Assert.Equal(Limits.ManifestErrorsMax, read.Errors.Count);
        Assert.Equal("policy.yaml: and 2 more errors. Correct these first.", read.Lines[^1]);
    }

    [Fact]
    public void Schema_bounds_are_the_limits()
    {
        foreach (var bound in new[]
        {
            $"\"maxItems\": {Limits.RulesPerPolicyMax}", $"\"maxItems\": {Limits.PrivateTagsMax}", $"\"maxItems\": {Limits.ShedMax}", $"\"maxItems\": {Limits.QuotasPerPolicyMax}",
            $"\"maxProperties\": {Limits.TagsPerRequestMax}", $"\"maxLength\": {Limits.NameCharsMax}", $"\"maxLength\": {Limits.DescriptionCharsMax}", $"\"maximum\": {Limits.RequestBytesMax}",
            $"\"maximum\": {Limits.PriceMicrousdMax:0}", $"\"maximum\": {Limits.DeclaredWattsMax:0}", $"\"maximum\": {Limits.RequestsPerMinuteMax}", $"\"maximum\": {Limits.MoneyMicrousdMax}",
            $"\"maximum\": {Limits.DeadlineMax.TotalMilliseconds:0}",
        })
        {
            Assert.Contains(bound, Schema.Text);
        }
    }

    private static BrokenPolicy Case(string name) => BrokenPolicyTable.Cases.Single(c => c.Name == name);

    private static PolicyReading Read(string yaml) => PolicyReader.Read(Encoding.UTF8.GetBytes(yaml), BrokenPolicy.File);
}
