using System.Globalization;
using System.Text.Json;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Tests.Routing;

/// <summary>Rules and requests from the words of a scenario, and answers as a line of its trace.</summary>
internal static class ScenarioPolicy
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static RuleConfig Rule(ScenarioWords words)
    {
        var id = words.Next();
        var when = new RuleWhenConfig(words.Text("model"), words.Text("tenant"), words.Prefixed("tag."), words.Whole("above"), words.Whole("below"), words.Text("arrived_in"));
        var loosen = words.Text("loosen") is { } ceiling ? new RuleLoosenConfig(ceiling) : null;
        return new RuleConfig { Id = id, When = when, Loosen = loosen, Set = Set(words), Because = $"{id} says so.", Owner = "tests" };
    }

    public static RuleSetConfig Set(ScenarioWords words) => new(
        words.Text("privacy"), words.Text("mode"), words.Text("objective"), words.Whole("latency_target_ms"), words.Whole("max_cost"), words.Number("floor"));

    public static PriceConfig Price(ScenarioWords words) => new(words.Number("compute_ms") ?? 0, 0, words.Number("wan_kib") ?? 0);

    public static InferenceRequest Request(ScenarioWords words, Func<int, IReadOnlyList<Tensor>> inputs)
    {
        var set = Set(words);
        RouteMode? mode = RouteModes.TryParse(set.Mode, out var m) ? m : null;
        PrivacyCeiling? privacy = PrivacyCeilings.TryParse(set.Privacy, out var p) ? p : null;
        var parameters = new RouteParameters(mode, privacy, set.LatencyTargetMs, set.MaxCostMicrousd, set.ConfidenceFloor, words.TakeWord("explained"), words.Prefixed("tag."));
        var caller = new Caller(words.Text("tenant") ?? Caller.DefaultTenant, words.List("hops"), words.TakeWord("trusted"), null);
        TimeSpan? timeout = words.Number("timeout") is { } ms ? TimeSpan.FromMilliseconds(ms) : null;
        return new InferenceRequest("r1", words.Next(), (int?)words.Whole("version"), inputs(0), words.List("outputs"), parameters, caller, timeout);
    }

    public static string Describe(InferenceResult result)
    {
        if (result.Failure is { } failure) return $"{failure.Code}: {failure.Message}";
        var answer = result.Response!;
        var from = answer.Provenance;
        var flags = (answer.Escalated ? " escalated" : "") + (answer.Degraded ? " degraded" : "");
        var confidence = answer.Confidence?.ToString("0.###", CultureInfo.InvariantCulture) ?? "none";
        var outputs = string.Join(",", answer.Outputs.Select(o => o.Name));
        return $"{answer.Label} at {confidence} from {from.Zone.WireName()} {from.Cell} {from.Variant}{flags} [{outputs}] {answer.Reason}";
    }

    public static string Indent(string json) => JsonSerializer.Serialize(JsonDocument.Parse(json).RootElement, Indented).ReplaceLineEndings("\n");
}
