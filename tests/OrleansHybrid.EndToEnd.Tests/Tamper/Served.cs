using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using OrleansHybrid.EndToEnd.Tests.Harness;

namespace OrleansHybrid.EndToEnd.Tests.Tamper;

/// <summary>Asks one version of a small model for an answer. Its graphs add a number to what comes in, so that an answer tells who gave it.</summary>
internal static class Served
{
    private const string Body = """{"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,2]}]}""";

    public static async Task<bool> AnswersAsync(HttpClient http, TestCell cell, string model, int version) => await AnswerAsync(http, cell, model, version) is not null;

    /// <summary>What was added; null: it does not answer.</summary>
    public static async Task<float?> AnswerAsync(HttpClient http, TestCell cell, string model, int? version)
    {
        using var content = new StringContent(Body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(FormattableString.Invariant($"{cell.HttpUrl}/v2/models/{model}{(version is { } one ? $"/versions/{one}" : "")}/infer"), content);
        return answer.IsSuccessStatusCode ? (float)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["outputs"]![0]!["data"]![0]! - 1 : null;
    }
}
