using System.Net.Http.Headers;
using System.Text.Json;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Cells;

/// <summary>Several processes with one cell name and one Redis are one cluster.</summary>
public sealed class SharedClusterTests
{
    [SkippableFact]
    public async Task Two_silos_share_a_cell_and_one_answers_for_the_other()
    {
        Skip.If(RedisServer.Program is null, "redis-server is not installed");
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TempFolder();
        using var http = new HttpClient();
        var first = TestCell.Create("eu-west") with { Store = redis.Address, Data = folder.Sub("first") };
        var second = TestCell.Create("eu-west") with { Store = redis.Address, Data = folder.Sub("second") };
        await using var one = SiloProcess.Start(first.Arguments(folder.Path), folder.Path);
        await one.WaitUntilReadyAsync();
        await using var two = SiloProcess.Start(second.Arguments(folder.Path), folder.Path);
        await two.WaitUntilReadyAsync();

        await Wait.Until(async () => await HealthyAsync(http, first) == 2 && await HealthyAsync(http, second) == 2, "each silo to list both");
        await UnloadAsync(http, first, folder.Path);
        Answer? answer = null;
        await Wait.Until(async () => (answer = await http.InferJsonAsync(first, Clips.EasyJson, $"{Clips.Model}/versions/1")).Ok, "the other silo to answer");

        Assert.Equal((second.Node(), "eu-west"), (answer!.Node, answer.Cell));
        Assert.Contains("\"written\":0", await http.GetStringAsync($"{first.HttpUrl}/v1/egress"));
    }

    private static async Task<int> HealthyAsync(HttpClient http, TestCell cell)
    {
        using var page = JsonDocument.Parse(await http.GetStringAsync($"{cell.HttpUrl}/v1/nodes"));
        return page.RootElement.GetProperty("nodes").EnumerateArray().Count(n => n.GetProperty("health").GetString() == "healthy");
    }

    private static async Task UnloadAsync(HttpClient http, TestCell cell, string folder)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{cell.HttpUrl}/v2/repository/models/{Clips.Model}/unload");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Path.Combine(cell.DataFolder(folder), "operator.key"))).Trim());
        using var answer = await http.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
