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
        await using var one = SiloProcess.Start([.. first.Arguments(folder.Path), "--models", WithoutCloudVariant(folder)], folder.Path);
        await one.WaitUntilReadyAsync();
        await using var two = SiloProcess.Start(second.Arguments(folder.Path), folder.Path);
        await two.WaitUntilReadyAsync();

        await Wait.Until(async () => await HealthyAsync(http, first) == 2 && await HealthyAsync(http, second) == 2, "each silo to list both");
        Answer? answer = null;
        await Wait.Until(async () => (answer = await http.InferJsonAsync(first, Clips.EasyJson)).Ok, "the other silo to answer");

        Assert.Equal((second.Node(), "eu-west"), (answer!.Node, answer.Cell));
        Assert.Contains("\"written\":0", await http.GetStringAsync($"{first.HttpUrl}/v1/egress"));
    }

    [SkippableFact]
    public async Task A_hung_store_holds_up_neither_an_answer_nor_the_end()
    {
        Skip.If(RedisServer.Program is null, "redis-server is not installed");
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TempFolder();
        using var http = new HttpClient();
        var cell = TestCell.Create("eu-west") with { Store = redis.Address };
        await using var silo = SiloProcess.Start(cell.Arguments(folder.Path), folder.Path);
        await silo.WaitUntilReadyAsync();

        redis.Freeze();

        Assert.True((await http.InferJsonAsync(cell, Clips.EasyJson)).Ok);
        Assert.Equal("{\"live\":true}", await http.GetStringAsync($"{cell.HttpUrl}/health/live"));
        silo.Terminate();
        Assert.Equal(0, await silo.WaitForExitAsync());
        Assert.Contains("did not leave its cluster", silo.Log);
    }

    private static async Task<int> HealthyAsync(HttpClient http, TestCell cell)
    {
        using var page = JsonDocument.Parse(await http.GetStringAsync($"{cell.HttpUrl}/v1/nodes"));
        return page.RootElement.GetProperty("nodes").EnumerateArray().Count(n => n.GetProperty("health").GetString() == "healthy");
    }

    /// <summary>The sample model as a node sees it that cannot run the cell's variant: the version is known, and here nothing of it is loaded.</summary>
    internal static string WithoutCloudVariant(TempFolder folder)
    {
        var source = Path.Combine(RepositoryRoot.SampleModels, Clips.Model, "1");
        var version = Directory.CreateDirectory(Path.Combine(folder.Sub("models"), Clips.Model, "1")).FullName;
        foreach (var file in Directory.EnumerateFiles(source)) File.Copy(file, Path.Combine(version, Path.GetFileName(file)));
        var manifest = Path.Combine(version, "model.yaml");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("zones: [cloud]", "zones: [device]", StringComparison.Ordinal));
        return folder.Sub("models");
    }
}
