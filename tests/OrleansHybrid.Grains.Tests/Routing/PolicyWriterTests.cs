using System.Text;
using CsCheck;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Yaml.Routing;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Routing;

public class PolicyWriterTests
{
    private static readonly Gen<string> Text = Gen.OneOf(Of("yes", "null", "12", "1e3", " x ", "a: b", "{", "- a", "#", "a\"b\\", "é ü", "tab\there", "a\u0085\u2028", "😀", "'"), Gen.String[Gen.Char.AlphaNumeric, 1, 20]);

    private static readonly Gen<string> Tag = Text.Select(t => t.Replace('\t', ' '));

    private static readonly Gen<string> Name = Gen.String[Gen.Char["abcXYZ019_"], 1, 12];

    private static readonly Gen<RuleSetConfig> Set = Gen.Select(
        Maybe(Of([.. PrivacyCeilings.AllNames])), Maybe(Of([.. RouteModes.AllNames])), Maybe(Of([.. RouteObjectives.AllNames])),
        Gen.Long[1, 300_000].Nullable(), Gen.Long[0, Limits.MoneyMicrousdMax].Nullable(), Gen.Double[0, 1].Nullable())
        .Select((privacy, mode, objective, latency, cost, floor) => new RuleSetConfig(privacy, mode, objective, latency, cost, floor));

    private static readonly Gen<RuleConfig> Rule = Gen.Select(Maybe(Name), Name, Gen.Dictionary(Tag, Tag)[0, 3], Gen.Long[0, 1000].Nullable(), Set, Text, Text)
        .Select((model, tenant, tags, above, set, because, owner) => new RuleConfig
        {
            When = new RuleWhenConfig(model, tenant, tags.Count == 0 ? null : tags, above, above + 2 + (above % 7), above % 2 == 0 ? "edge" : null),
            Set = set == new RuleSetConfig() ? null : set,
            Loosen = set == new RuleSetConfig() || set.Mode is null ? new RuleLoosenConfig("any") : null,
            Because = because + ".",
            Owner = owner + ".",
        });

    private static readonly Gen<PriceConfig> Price = Gen.Select(Gen.Double[0, 1e9], Gen.Double[0, 1], Gen.Double[0, 1e-5], Gen.Double[0, 1e5]).Select((a, b, c, d) => new PriceConfig(a, b, c, d));

    private static readonly Gen<PolicyConfig> Policy = Gen.Select(
        Name, Gen.Long[1, long.MaxValue], Gen.Dictionary(Of([.. Zones.AllNames]), Price)[0, 3].Select(p => (IReadOnlyDictionary<string, PriceConfig>)p), Tag.Array[0, 4], Set, Rule.Array[0, 5], Name.Array[0, 3], Gen.Long[0, 1000])
        .Select((name, revision, prices, tags, defaults, rules, tenants, number) => new PolicyConfig
        {
            Policy = name,
            Revision = revision,
            Prices = prices,
            PrivateTags = [.. tags.Distinct()],
            Defaults = defaults with { Privacy = null },
            Rules = [.. rules.Select((rule, i) => rule with { Id = "R" + i })],
            Quotas = [.. tenants.Distinct().Select(t => new QuotaConfig(t, number, number % 3 == 0 ? null : number * 7, "finance: me"))],
            Shed = [.. tenants.Distinct().Select(t => "tenant:" + t)],
        });

    [Fact]
    public void Policy_that_is_written_reads_back_equal() => Policy.Sample(policy =>
    {
        var text = PolicyWriter.Write(policy);
        var read = PolicyReader.Read(Encoding.UTF8.GetBytes(text), "draft.yaml");
        Assert.True(read.Lines.Count == 0, string.Join('\n', read.Lines) + "\n" + text);
        AssertEqual(policy, read.Config!);
        Assert.Equal(text, PolicyWriter.Write(read.Config!));
    }, iter: 2000);

    [Fact]
    public void Sample_is_written_in_its_canonical_form()
    {
        var text = PolicyWriter.Write(PolicyReader.Read(Encoding.UTF8.GetBytes(PolicySample.Good), "p").Config!);
        Assert.Contains("  cloud: { compute_ms: 1, loaded_mib_hour: 1, wan_kib: 0.1, watts: 120 }\n", text, StringComparison.Ordinal);
        Assert.Contains("  - id: R01\n    when: { model: keyword, tags: { room: bedroom } }\n    set: { privacy: edge }\n    because: Speech from private rooms stays in the region.\n", text, StringComparison.Ordinal);
        Assert.EndsWith("shed: [mirror, explain, escalation, \"tenant:free\"]\n", text, StringComparison.Ordinal);
    }

    private static void AssertEqual(PolicyConfig written, PolicyConfig read)
    {
        Assert.Equal((written.Policy, written.Revision, written.Defaults), (read.Policy, read.Revision, read.Defaults));
        Assert.Equal(written.Prices.OrderBy(p => p.Key), read.Prices.OrderBy(p => p.Key));
        Assert.Equal(written.PrivateTags, read.PrivateTags);
        Assert.Equal(written.Quotas, read.Quotas);
        Assert.Equal(written.Shed, read.Shed);
        Assert.Equal(written.Rules.Select(Plain), read.Rules.Select(Plain));
        Assert.Equal(written.Rules.Select(r => r.When.Tags?.OrderBy(t => t.Key)), read.Rules.Select(r => r.When.Tags?.OrderBy(t => t.Key)));
    }

    /// <summary>Without the tags, whose map compares by reference.</summary>
    private static RuleConfig Plain(RuleConfig rule) => rule with { When = rule.When with { Tags = null } };

    private static Gen<string> Of(params string[] words) => Gen.Int[0, words.Length - 1].Select(i => words[i]);

    private static Gen<string?> Maybe(Gen<string> texts) => Gen.Select(Gen.Bool, texts).Select((there, text) => there ? text : null);
}
