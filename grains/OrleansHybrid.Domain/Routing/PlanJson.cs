using System.Buffers;
using System.Text;
using System.Text.Json;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Writes the explained plan. The names are the wire form of <c>plan_version</c> 1: they change with all their users.</summary>
internal static class PlanJson
{
    /// <summary>Sentences quote with apostrophes; people read them raw in a terminal.</summary>
    private static readonly JsonWriterOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(RoutePlan plan, IReadOnlyList<TensorSpec> inputs)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteNumber("plan_version", 1);
            json.WriteString("privacy", plan.Settings.Ceiling.WireName());
            json.WriteNumber("policy_revision", plan.Snapshot.Inputs.Policy.Revision);
            Signals(json, plan, inputs);
            Attempts(json, plan);
            ZoneList(json, plan);
            if (plan.Refusal is not null) json.WriteString("refusal", RefusalRules.Describe(plan).Message);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>What the decision was made from. Tags are left out: they may be private.</summary>
    private static void Signals(Utf8JsonWriter json, RoutePlan plan, IReadOnlyList<TensorSpec> inputs)
    {
        ref readonly var settings = ref plan.Settings;
        json.WriteStartObject("signals");
        json.WriteString("mode", settings.Mode.WireName());
        json.WriteString("objective", settings.Objective.WireName());
        json.WriteNumber("input_bytes", plan.Request.InputBytes);
        PlanSignals.WriteInputs(json, inputs);
        json.WriteNumber("confidence_floor", settings.Floor);
        if (double.IsFinite(settings.LatencyTargetMs)) json.WriteNumber("latency_target_ms", settings.LatencyTargetMs);
        if (double.IsFinite(settings.MaxCostMicrousd)) json.WriteNumber("max_cost_microusd", settings.MaxCostMicrousd);
        var known = plan.Signals;
        if (known.HardFrom != HardSource.None)
        {
            json.WriteNumber("hard", known.Hard);
            json.WriteString("hard_from", known.HardFrom == HardSource.Classifier ? "classifier" : "request");
        }

        if (ClassifierRules.IsWorthwhile(plan)) json.WriteString("classifier", "no verdict");
        if (known.Quota.MoneyLeftMicrousd is { } money) json.WriteNumber("money_left_microusd", Math.Round(money, 3));
        if (known.Quota.OverRate) json.WriteBoolean("over_rate", true);
        PlanSignals.WriteState(json, plan);
        json.WriteStartArray("rules");
        var tags = new TagMemo(plan.Request.Parameters.Tags);
        foreach (var rule in plan.Chosen?.Model.Rules ?? [])
        {
            if (rule.Matches(plan.Request, plan.Snapshot.Inputs.Zone, ref tags)) json.WriteStringValue(rule.Id);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Attempts(Utf8JsonWriter json, RoutePlan plan)
    {
        json.WriteStartArray("attempts");
        for (var i = 0; i < plan.AttemptCount; i++)
        {
            var attempt = plan.Attempt(i);
            json.WriteStartObject();
            json.WriteString("zone", attempt.Candidate.Zone.WireName());
            json.WriteString("cell", attempt.Candidate.Cell);
            if (attempt.Candidate.Target == AttemptTarget.Peer) json.WriteString("node", attempt.Candidate.Node);
            json.WriteNumber("version", plan.Version);
            json.WriteString("variant", attempt.Candidate.Variant.Variant);
            json.WriteString("when", attempt.When.WireName());
            json.WriteNumber("deadline_ms", (long)AttemptRules.Budget(plan, i, plan.Request.Deadline).TotalMilliseconds);
            json.WriteString("rule", plan.Snapshot.Inputs.Policy.IdOf(attempt.Rule));
            json.WriteString("sentence", PlanSentences.Of(plan, attempt));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void ZoneList(Utf8JsonWriter json, RoutePlan plan)
    {
        json.WriteStartArray("zones");
        for (var zone = Zone.Device; zone <= Zone.Cloud; zone++)
        {
            var verdict = plan.Verdict(zone);
            if (verdict.Kind == ZoneVerdictKind.None) continue;
            json.WriteStartObject();
            json.WriteString("zone", zone.WireName());
            json.WriteString("verdict", verdict.Kind.WireName());
            json.WriteString("rule", plan.Snapshot.Inputs.Policy.IdOf(verdict.Rule));
            json.WriteString("sentence", PlanSentences.Of(plan, zone, verdict));
            NumberOrNull(json, "predicted_ms_p95", verdict.PredictedMs);
            if (double.IsFinite(verdict.PredictedMs)) json.WriteString("predicted_from", verdict.Measured ? "measured" : "declared");
            if (zone == plan.Snapshot.Inputs.Zone && double.IsFinite(verdict.PredictedMs)) json.WriteBoolean("warm", verdict.Warm);
            NumberOrNull(json, "predicted_cost_microusd", verdict.PredictedCostMicrousd);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void NumberOrNull(Utf8JsonWriter json, string name, double value)
    {
        if (double.IsFinite(value)) json.WriteNumber(name, Math.Round(value, 3));
        else json.WriteNull(name);
    }
}
