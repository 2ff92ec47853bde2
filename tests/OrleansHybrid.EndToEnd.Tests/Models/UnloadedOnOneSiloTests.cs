using System.Net.Http.Headers;
using System.Text.Json;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Models;

/// <summary>A cell of two silos: a request reaches the one that holds the model.</summary>
public sealed class UnloadedOnOneSiloTests
{
    [SkippableFact]
    public async Task What_one_silo_unloaded_is_answered_by_the_other_over_rest_and_grpc()
    {
        Skip.If(RedisServer.Program is null, "redis-server is not installed");
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TempFolder();
        using var http = new HttpClient();
        var first = TestCell.Create("central") with { Store = redis.Address, Data = folder.Sub("first") };
        var second = TestCell.Create("central") with { Store = redis.Address, Data = folder.Sub("second") };
        await using var one = SiloProcess.Start(first.Arguments(folder.Path), folder.Path);
        await one.WaitUntilReadyAsync();
        await using var two = SiloProcess.Start(second.Arguments(folder.Path), folder.Path);
        await two.WaitUntilReadyAsync();
        Assert.Equal(first.Node(), (await http.InferJsonAsync(first, Clips.EasyJson)).Node);

        await UnloadAsync(http, first, folder);

        Answer? answer = null;
        await Wait.Until(async () => (answer = await http.InferJsonAsync(first, Clips.EasyJson)).Ok, "the other silo to answer");
        Assert.Equal((second.Node(), "central"), (answer!.Node, answer.Cell));
        var rpc = await OipCalls.InferGrpcAsync(first, Clips.EasyAudio);
        Assert.Equal((second.Node(), answer.Label), (rpc.Node, rpc.Label));
        var explained = await ExplainAsync(http, first);
        Assert.Contains($"node {second.Node()} of this cell runs", explained, StringComparison.Ordinal);
        Assert.Contains("which this node does not serve now", explained, StringComparison.Ordinal);
        Assert.Equal(second.Node(), (await http.InferJsonAsync(second, Clips.EasyJson)).Node);
    }

    private static async Task UnloadAsync(HttpClient http, TestCell cell, TempFolder folder)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{cell.HttpUrl}/v2/repository/models/{Clips.Model}/unload");
        var key = await File.ReadAllTextAsync(Path.Combine(cell.DataFolder(folder.Path), "operator.key"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Trim());
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<string> ExplainAsync(HttpClient http, TestCell cell)
    {
        using var content = new StringContent(JsonSerializer.Serialize(new { model = Clips.Model }), System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync($"{cell.HttpUrl}/v1/routes:explain", content);
        return await answer.Content.ReadAsStringAsync();
    }
}
