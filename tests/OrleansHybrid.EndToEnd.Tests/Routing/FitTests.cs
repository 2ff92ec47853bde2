using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Routing;

/// <summary>A worksheet over HTTP, and its draft applied as it is: requests then go where the worksheet said.</summary>
public sealed class FitTests : IAsyncLifetime
{
    private const string Commands = """{"feature":"commands","owner":"voice-team","arrives_in":"edge","latency_target_ms":500,"privacy":"edge","input_bytes":32000}""";
    private static readonly string WakeWord = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "how-to", "fit", "wake-word.yaml"));
    private TestFarm? farm;

    private TestFarm Farm => farm!;

    public async Task InitializeAsync()
    {
        farm = await TestFarm.StartAsync(FarmShape.OneProcess);
        await farm.WaitForLinksAsync();
    }

    public async Task DisposeAsync()
    {
        if (farm is not null) await farm.DisposeAsync();
    }

    [Fact]
    public async Task Drafts_apply_as_they_are_and_route_so()
    {
        var hardBefore = await Farm.Http.InferJsonAsync(Farm.EuWest, Clips.HardJson);
        Assert.Equal("cloud", hardBefore.Zone);

        var commands = await FitAsync(Commands, "application/json");
        Assert.Equal("edge", commands.GetProperty("verdict").GetProperty("placement").GetString());
        await ApplyAsync(commands);
        var hard = await Farm.Http.InferJsonAsync(Farm.EuWest, Clips.HardJson);
        Assert.Equal((HttpStatusCode.OK, "edge", false), (hard.Status, hard.Zone, hard.Escalated));
        Assert.Equal("edge=chosen:Fit-keyword;cloud=excluded:Fit-keyword", hard.Reason);

        var wakeWord = await FitAsync(WakeWord, "application/yaml");
        Assert.Equal("device", wakeWord.GetProperty("verdict").GetProperty("placement").GetString());
        Assert.Equal(commands.GetProperty("draft").GetProperty("revision").GetInt64() + 1, wakeWord.GetProperty("draft").GetProperty("revision").GetInt64());
        await ApplyAsync(wakeWord);
        var refused = await Farm.Http.InferJsonAsync(Farm.EuWest, Clips.EasyJson);
        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
        Assert.Contains("Fit-keyword", refused.Text, StringComparison.Ordinal);
        Assert.Equal("edge", (await Farm.Http.InferJsonAsync(Farm.UsEast, Clips.EasyJson)).Zone);
    }

    [Fact]
    public async Task Worksheet_holds_what_this_silo_measured_and_reads_as_one_document()
    {
        var sheet = await FitAsync(WakeWord, "application/yaml");

        var run = Assert.Single(sheet.GetProperty("measured").EnumerateArray(), r => r.GetProperty("variant").GetString() == "tiny-int8");
        Assert.True(run.GetProperty("samples").GetInt32() > 0 && run.GetProperty("ms_p95").GetDouble() > 0 && run.GetProperty("cold_start_ms").GetDouble() > 0);
        Assert.Contains("measured here", Cell(sheet, "latency", "edge").GetProperty("source").GetString(), StringComparison.Ordinal);
        Assert.Equal("ceiling", Cell(sheet, "privacy", "cloud").GetProperty("rule").GetString());
        foreach (var note in new[] { "runbook", "cost", "rollback" }) Assert.StartsWith("# ", sheet.GetProperty("notes").GetProperty(note).GetString(), StringComparison.Ordinal);

        using var request = Request(WakeWord, "application/yaml");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/markdown"));
        using var answer = await Farm.Http.SendAsync(request);
        Assert.Equal("text/markdown", answer.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("# Where wake-word runs: device\n", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_that_are_wrong_are_refused_with_every_error()
    {
        using var answer = await Farm.Http.SendAsync(Request("""{"feature":"f","arrives_in":"here","latency_target_ms":0,"privacy":"any"}""", "application/json"));
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal(["arrives_in", "latency_target_ms", "owner"], body.RootElement.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("place").GetString()).Order());

        using var unknown = await Farm.Http.PostAsync($"{Farm.EuWest.HttpUrl}/v1/models/keywrd:fit", new StringContent(Commands, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Contains("Did you mean 'keyword'?", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> FitAsync(string answers, string type)
    {
        using var answer = await Farm.Http.SendAsync(Request(answers, type));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private async Task ApplyAsync(JsonElement sheet)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Farm.EuWest.HttpUrl}/v1/policies")
        {
            Content = new StringContent(sheet.GetProperty("draft").GetProperty("yaml").GetString()!, Encoding.UTF8, "application/yaml"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Farm.OperatorKeyOf(Farm.EuWest));
        using var answer = await Farm.Http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static JsonElement Cell(JsonElement sheet, string row, string zone) =>
        sheet.GetProperty("matrix").EnumerateArray().Single(r => r.GetProperty("row").GetString() == row).GetProperty("cells").GetProperty(zone);

    private HttpRequestMessage Request(string answers, string type) =>
        new(HttpMethod.Post, $"{Farm.EuWest.HttpUrl}/v1/models/keyword:fit") { Content = new StringContent(answers, Encoding.UTF8, type) };
}
