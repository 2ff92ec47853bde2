using System.Text.Json;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Routing;

/// <summary>The part of an explained plan's <c>signals</c> that was measured rather than asked for.</summary>
internal static class PlanSignals
{
    /// <summary>Names, types and shapes of the tensors; nothing of their content.</summary>
    public static void WriteInputs(Utf8JsonWriter json, IReadOnlyList<TensorSpec> inputs)
    {
        if (inputs.Count == 0) return;
        json.WriteStartArray("inputs");
        foreach (var input in inputs)
        {
            json.WriteStartObject();
            json.WriteString("name", input.Name);
            json.WriteString("datatype", input.DataType.WireName());
            json.WriteStartArray("shape");
            for (var i = 0; i < input.Shape.Rank; i++) json.WriteNumberValue(input.Shape[i]);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>The version's update cadence, the pressure of this silo and each link's round trip and loss.</summary>
    public static void WriteState(Utf8JsonWriter json, RoutePlan plan)
    {
        if (plan.Chosen?.Manifest?.Updates is { } updates) json.WriteString("updates", updates.WireName());
        var inputs = plan.Snapshot.Inputs;
        if (inputs.Pressure > 0) WritePressure(json, inputs, plan.Request.Caller.Tenant);
        if (inputs.Upstreams.Count > 0) WriteLinks(json, inputs.Upstreams);
    }

    /// <summary>Other tenants are nobody's business.</summary>
    private static void WritePressure(Utf8JsonWriter json, SnapshotInputs inputs, string tenant)
    {
        json.WriteNumber("pressure", inputs.Pressure);
        json.WriteStartArray("shed");
        foreach (var item in inputs.Policy.Shed.Take(inputs.Pressure))
        {
            if (item.Kind != ShedKinds.Tenant || item.Tenant == tenant) json.WriteStringValue(item.ToString());
        }

        json.WriteEndArray();
    }

    private static void WriteLinks(Utf8JsonWriter json, IReadOnlyList<UpstreamState> links)
    {
        json.WriteStartArray("links");
        foreach (var link in links)
        {
            json.WriteStartObject();
            json.WriteString("cell", link.Name);
            json.WriteString("zone", link.Zone.WireName());
            json.WriteNumber("round_trip_ms_p95", Math.Round(link.RoundTripMsP95, 3));
            json.WriteNumber("loss", Math.Round(link.Loss, 3));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
