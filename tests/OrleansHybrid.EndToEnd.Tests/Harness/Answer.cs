using System.Net;
using System.Text.Json;

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>An answer over any of the protocol's forms, reduced to what the tests look at.</summary>
/// <param name="Status">200 for a gRPC answer.</param>
/// <param name="Text">The body, for messages.</param>
internal sealed record Answer(HttpStatusCode Status, string Zone, string Cell, string Node, string Variant, string Label, double Confidence, bool Escalated, bool Degraded, string Reason, string Text)
{
    public bool Ok => Status == HttpStatusCode.OK;

    public static Answer FromJson(HttpStatusCode status, string body)
    {
        using var document = JsonDocument.Parse(body);
        var parameters = document.RootElement.TryGetProperty("parameters", out var found) ? found : document.RootElement;
        return new Answer(
            status, Get(parameters, "zone"), Get(parameters, "cell"), Get(parameters, "node"), Get(parameters, "variant"), Get(parameters, "label"),
            parameters.TryGetProperty("confidence", out var confidence) ? confidence.GetDouble() : double.NaN,
            Flag(parameters, "escalated"), Flag(parameters, "degraded"), Get(parameters, "reason"), body);
    }

    private static string Get(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static bool Flag(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.GetBoolean();
}
