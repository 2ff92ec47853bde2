using System.Globalization;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Yaml.Routing;

/// <summary>Reads policy tests, exactly what <c>policy-tests.schema.json</c> states, and refuses two cases of one name.</summary>
public static class PolicyTestReader
{
    private static readonly string[] GivenKeys =
    [
        "model", "version", "tenant", "tags", "input_bytes", "mode", "privacy", "latency_target_ms", "max_cost_microusd", "confidence_floor", "arrived_in", "hard", "money_left_microusd", "assume",
    ];

    private static readonly string[] ExpectKeys =
        ["zone", "excluded", "escalates_to", "privacy", "rule", "refused", "cost_at_most_microusd", "latency_at_most_ms"];

    private static readonly string[] StateWords = ["down", "slow", "up"];
    private static readonly string[] ZonesAndNone = [.. Zones.AllNames, PolicyTestExpect.Nowhere];

    /// <param name="fileName">As errors show it.</param>
    public static PolicyTestReading Read(ReadOnlySpan<byte> bytes, string fileName)
    {
        var errors = new ErrorList();
        var (root, error) = YamlTree.Read(bytes, Limits.PolicyNodesMax);
        if (error is not null) errors.Add(error, new TextPlace(error.Line, error.Column));
        var tests = root is not null && MapReader.From(root, "", errors, "farm", "tests") is { } map ? ReadRoot(map, errors) : null;
        return errors.Count == 0 ? new PolicyTestReading(tests, [], []) : new PolicyTestReading(null, errors.ToList(), errors.Render(fileName));
    }

    private static PolicyTestConfig ReadRoot(MapReader map, ErrorList errors)
    {
        var farm = map.Map("farm", ["device_edge_ms", "edge_cloud_ms", "device_cloud_ms", "memory_mib"]) is { } figures ? ReadFarm(figures) : new PolicyTestFarm();
        var names = new HashSet<string>(StringComparer.Ordinal);
        return new PolicyTestConfig(farm, [.. map.List("tests", 1, Limits.PolicyTestsMax, required: true).Select(t => ReadCase(t.Value, t.Path, names, errors)).OfType<PolicyTestCase>()]);
    }

    private static PolicyTestFarm ReadFarm(MapReader map)
    {
        var plain = new PolicyTestFarm();
        return new PolicyTestFarm(
            map.Number("device_edge_ms", 0, Limits.DeclaredLatencyMsMax) ?? plain.DeviceEdgeMs,
            map.Number("edge_cloud_ms", 0, Limits.DeclaredLatencyMsMax) ?? plain.EdgeCloudMs,
            map.Number("device_cloud_ms", 0, Limits.DeclaredLatencyMsMax),
            map.Number("memory_mib", 0, Limits.DeclaredMemoryMibMax) ?? 0);
    }

    private static PolicyTestCase? ReadCase(YamlValue value, string path, HashSet<string> names, ErrorList errors)
    {
        if (MapReader.From(value, path, errors, "name", "given", "expect") is not { } map) return null;
        var name = map.Text("name", PolicyTexts.Because, required: true);
        if (name is not null && !names.Add(name)) map.Refuse("name", "each name once", $"{Domain.Models.ManifestText.Quote(name)} a second time", "Give each case its own name");
        var given = map.Map("given", GivenKeys, required: true) is { } g ? ReadGiven(g) : null;
        var expected = map.Map("expect", ExpectKeys, required: true);
        if (expected is not null && !ExpectKeys.Any(expected.Has)) map.Refuse("expect", "at least one expectation", "none", "Say what must come of the request");
        var expect = expected is null ? null : ReadExpect(expected);
        return name is null || given is null || expect is null ? null : new PolicyTestCase(name, given, expect);
    }

    private static PolicyTestGiven ReadGiven(MapReader map) => new(
        map.Text("model", TextRule.Name, required: true) ?? "",
        map.Integer("version", 1, int.MaxValue),
        map.Text("tenant", TextRule.Name) ?? Caller.DefaultTenant,
        new RouteParameters(
            (RouteMode?)map.Choice("mode", RouteModes.AllNames),
            (PrivacyCeiling?)map.Choice("privacy", PrivacyCeilings.AllNames),
            map.Long("latency_target_ms", 1, (long)Limits.DeadlineMax.TotalMilliseconds),
            map.Long("max_cost_microusd", 0, Limits.MoneyMicrousdMax),
            map.Number("confidence_floor", 0, 1),
            false,
            map.Words("tags", PolicyTexts.Tag, PolicyTexts.Tag, Limits.TagsPerRequestMax) ?? RouteParameters.NoTags),
        map.Long("input_bytes", 0, Limits.RequestBytesMax),
        (Zone)(map.Choice("arrived_in", Zones.AllNames) ?? (int)Zone.Edge),
        map.Number("hard", 0, 1) ?? 0,
        map.Number("money_left_microusd", 0, Limits.MoneyMicrousdMax),
        map.Map("assume", [.. Zones.AllNames, "battery_percent"]) is { } assume ? ReadAssume(assume) : RouteParameters.NoTags);

    private static Dictionary<string, string> ReadAssume(MapReader map)
    {
        var assume = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var zone in Zones.AllNames)
        {
            if (map.Choice(zone, StateWords) is { } word) assume[zone] = StateWords[word];
        }

        if (map.Integer("battery_percent", 0, 100) is { } percent) assume["battery_percent"] = percent.ToString(CultureInfo.InvariantCulture);
        return assume;
    }

    private static PolicyTestExpect ReadExpect(MapReader map) => new(
        Word(map, "zone", ZonesAndNone),
        map.Map("excluded", [.. Zones.AllNames]) is { } excluded ? ReadExcluded(excluded) : RouteParameters.NoTags,
        Word(map, "escalates_to", ZonesAndNone),
        Word(map, "privacy", PrivacyCeilings.AllNames),
        map.Text("rule", PolicyTexts.AnyRule),
        map.Flag("refused"),
        map.Number("cost_at_most_microusd", 0, Limits.MoneyMicrousdMax),
        map.Number("latency_at_most_ms", 0, Limits.DeclaredLatencyMsMax));

    private static Dictionary<string, string> ReadExcluded(MapReader map)
    {
        var excluded = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var zone in Zones.AllNames)
        {
            if (map.Text(zone, PolicyTexts.AnyRule) is { } rule) excluded[zone] = rule;
        }

        return excluded;
    }

    private static string? Word(MapReader map, string key, IReadOnlyList<string> words) => map.Choice(key, words) is { } index ? words[index] : null;
}
