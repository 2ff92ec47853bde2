using System.Text.Json.Nodes;

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>Somewhere a version should serve: a cell or a box, and what is right there.</summary>
internal sealed record StoryPlace(string Name, TestCell Ports, string Zone, string Variant)
{
    public static StoryPlace Of(TestCell cell) => cell.Above is null ? new(cell.Name, cell, "cloud", "large") : new(cell.Name, cell, "edge", "tiny-int8");

    public static StoryPlace Box(string name, TestCell ports) => new(name, ports, "device", "tiny-int8");

    public async Task<bool> ServesAsync(HttpClient http, int version)
    {
        using var answer = await http.GetAsync(FormattableString.Invariant($"{Ports.HttpUrl}/v2/models/{Clips.Model}/versions/{version}/ready"));
        return answer.IsSuccessStatusCode;
    }

    /// <summary>The answer to a clip that the smallest variant is sure of, in the words of <see cref="Right"/>; what went wrong when it is none.</summary>
    public async Task<string> AskAsync(HttpClient http)
    {
        try
        {
            var answer = await http.InferJsonAsync(Ports, Clips.EasyJson);
            return answer.Ok ? $"{answer.Zone} {answer.Variant} @{(string?)JsonNode.Parse(answer.Text)!["model_version"]}" : $"{(int)answer.Status} {answer.Text}";
        }
        catch (HttpRequestException broken)
        {
            return broken.Message;
        }
    }

    /// <summary>What an answer of this place should say with that version.</summary>
    public string Right(int version) => FormattableString.Invariant($"{Zone} {Variant} @{version}");
}
