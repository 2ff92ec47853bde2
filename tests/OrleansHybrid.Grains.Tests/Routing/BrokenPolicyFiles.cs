using System.Globalization;
using System.Text;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Grains.Tests.Routing;

/// <summary>Policies that are broken as files: bytes, sizes and depth.</summary>
public static class BrokenPolicyFiles
{
    public static IReadOnlyList<BrokenPolicy> Cases { get; } =
    [
        new("bytes that are no UTF-8", null, [0x70, 0xff, 0xfe], ["policy.yaml: expected UTF-8 text; came bytes that are no UTF-8. Save the file as UTF-8."]),
        new("a control character", null, Encoding.UTF8.GetBytes(PolicySample.Good + "\0"), ["policy.yaml:26:1: expected text; came the control character U+0000. Is this a binary file under a wrong name?"]),
        new("a file too large", null, new byte[Limits.ManifestBytesMax + 1], ["policy.yaml: expected at most 1048576 bytes; came 1048577 bytes. Keep data out of this file."]),
        new("a text too deep", null, Encoding.UTF8.GetBytes("rules: " + new string('[', 20) + new string(']', 20)), ["policy.yaml:1:24: expected at most 16 levels; came deeper ones. Nothing in this file nests so deep: correct it."]),
        new("too many values", null, Encoding.UTF8.GetBytes($"shed: [{string.Join(",", Enumerable.Repeat("a", Limits.PolicyNodesMax))}]"), ["policy.yaml:1:200002: expected at most 100000 values; came more. Keep data out of this file."]),
        new("a rule too many", true, Encoding.UTF8.GetBytes(TooManyRules()), ["policy.yaml:4:3 rules: expected 0 to 1000 items; came 1001. Correct the list."]),
        new("a private tag too many, and one that is too long", true, Encoding.UTF8.GetBytes(TooManyTags()),
            ["policy.yaml:3:15 private_tags: expected 0 to 100 items; came 101. Correct the list.", "policy.yaml:4:8 shed[0]: expected one of mirror, explain, escalation, tenant:<name>; came 'tenant:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…'. Write one of these."]),
    ];

    private static string TooManyRules()
    {
        var rules = Enumerable.Range(0, Limits.RulesPerPolicyMax + 1).Select(i => string.Create(CultureInfo.InvariantCulture, $"  - {{ id: R{i}, set: {{ privacy: edge }}, because: Stays., owner: me }}\n"));
        return "policy: p\nrevision: 1\nrules:\n" + string.Concat(rules);
    }

    private static string TooManyTags() =>
        $"policy: p\nrevision: 1\nprivate_tags: [{string.Join(", ", Enumerable.Range(0, Limits.PrivateTagsMax + 1).Select(i => "t" + i.ToString(CultureInfo.InvariantCulture)))}]\nshed: [tenant:{new string('a', Limits.NameCharsMax)}]\n";
}
