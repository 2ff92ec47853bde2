using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using OrleansHybrid.Grains.Tests.Routing;

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>One edge cell in a process of its own, with a policy file that tests write.</summary>
public sealed class PolicyCell : Xunit.IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private SiloProcess? process;

    internal TestCell Cell { get; } = TestCell.Create("eu-west");

    public HttpClient Http { get; } = new() { Timeout = TimeSpan.FromMinutes(1) };

    public string File => folder.Sub("policy.yaml");

    internal SiloProcess Process => process!;

    internal string Folder => folder.Path;

    private string Url => Cell.HttpUrl + "/v1/policies";

    public async Task InitializeAsync()
    {
        await System.IO.File.WriteAllTextAsync(File, PolicySample.Good);
        process = SiloProcess.Start([.. Cell.Arguments(Folder), "--zone", "edge", "--policy", File], Folder);
        await process.WaitUntilReadyAsync();
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        if (process is not null) await process.DisposeAsync();
        folder.Dispose();
    }

    public async Task<JsonNode> ListAsync() => JsonNode.Parse(await Http.GetStringAsync(Url))!;

    public async Task<(int Status, JsonNode Body)> SendAsync(string path, string body, string type = "application/yaml", bool withKey = true)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Cell.HttpUrl + path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (withKey) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await System.IO.File.ReadAllTextAsync(Path.Combine(Cell.DataFolder(Folder), "operator.key"))).Trim());
        using var answer = await Http.SendAsync(request);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    /// <summary>The revision behind one answer to speech from a bedroom, which R01 keeps from the cloud.</summary>
    internal async Task<(long Revision, Answer Answer)> AskAsync()
    {
        var answer = await Http.InferJsonAsync(Cell, Bedroom);
        return (JsonNode.Parse(answer.Text)!["parameters"]!["policy_revision"]!.GetValue<long>(), answer);
    }

    private static readonly string Bedroom = OipCalls.JsonOf(Clips.EasyAudio, ("tag_room", "bedroom"));
}
