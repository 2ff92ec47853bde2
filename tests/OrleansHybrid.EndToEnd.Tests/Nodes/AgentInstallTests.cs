using System.Text.Json.Nodes;
using OrleansHybrid.EndToEnd.Tests.Access;
using OrleansHybrid.EndToEnd.Tests.Bundles;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.EndToEnd.Tests.Links;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Nodes;

/// <summary>A signed version in the catalogue reaches an agent, is verified, served, and outlives its cell; a bad one leaves the good one.</summary>
public sealed class AgentInstallTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly HttpClient http = new() { Timeout = Wait.Long };
    private readonly DocumentSigner signer = new();
    private readonly PublishedKeyword keyword = new();
    private RunningCell cell = null!;
    private bool stopped;

    private CellDesk Desk => new(cell.Cell, folder, http);

    public async Task InitializeAsync()
    {
        signer.WritePublisher(folder.Sub("publishers"));
        keyword.WritePublisher(folder.Sub("publishers"));
        cell = await RunningCell.StartAsync("central", folder, "--publishers", folder.Sub("publishers"));
        var key = await Desk.SendAsync(HttpMethod.Get, "documents/key");
        await Desk.SendAsync(HttpMethod.Put, "documents/endorsement", new ByteArrayContent(signer.Endorse((string)key["public_key"]!, (string)key["farm"]!)));
        var joined = await HybridTool.RunAsync(folder.Path, "node", "join", "--cell", cell.Cell.GrpcUrl, "--token", await Desk.TokenAsync(), "--name", "box-1", "--data", folder.Sub("box-1"));
        Assert.True(joined.ExitCode == 0, joined.Error);
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await StopCellAsync();
        keyword.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Signed_version_is_fetched_verified_and_served_also_without_the_cell_and_never_the_clouds_variant()
    {
        await using (var agent = await AgentProcess.Start(folder.Sub("box-1")).WaitUntilReadyAsync())
        {
            await keyword.PublishAsync(cell.Services, 3);
            await ServingAsync(agent, 3);

            var answer = await http.InferJsonAsync(agent.Ports, Clips.EasyJson);
            Assert.Equal(("device", "tiny-int8"), (answer.Zone, answer.Variant));
            await Wait.Until(async () => Find((await Desk.BoxesAsync())[0], 3) is { } told && (string)told["stage"]! == "serving" && ((string)told["bundle"]!).StartsWith("sha256:", StringComparison.Ordinal), "the cell to know what the box runs");
            await agent.KillAsync();
        }

        Assert.Empty(Directory.EnumerateFiles(folder.Sub("box-1/bundles"), keyword.CloudDigest["sha256:".Length..] + "*", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFiles(folder.Sub("box-1/bundles"), "large.onnx", SearchOption.AllDirectories));

        await StopCellAsync();
        await using var alone = await AgentProcess.Start(folder.Sub("box-1")).WaitUntilReadyAsync();
        Assert.Equal("tiny-int8", (await http.InferJsonAsync(alone.Ports, Clips.EasyJson)).Variant);
        await ServingAsync(alone, 3);
    }

    [Fact]
    public async Task Next_version_takes_over_and_one_that_cannot_be_loaded_leaves_the_last_good_one()
    {
        await using var agent = await AgentProcess.Start(folder.Sub("box-1"), "--memory", "23MiB").WaitUntilReadyAsync();
        await keyword.PublishAsync(cell.Services, 3);
        await ServingAsync(agent, 3);
        await keyword.PublishAsync(cell.Services, 4);
        await ServingAsync(agent, 4);
        await Wait.Until(async () => Find(await agent.NodeAsync(http), 3) is null, "the old version to go");

        await keyword.PublishAsync(cell.Services, 5, version => File.WriteAllText(Path.Combine(version, "tiny-fp32.onnx"), "no graph"));
        await Wait.Until(async () => (string?)Find(await agent.NodeAsync(http), 5)?["stage"] == "failed", "the broken version to be told");

        var answer = await http.InferJsonAsync(agent.Ports, Clips.EasyJson);
        Assert.Equal(("device", "tiny-fp32"), (answer.Zone, answer.Variant));
        Assert.Equal("serving", (string?)Find(await agent.NodeAsync(http), 4)?["stage"]);
    }

    private async Task StopCellAsync()
    {
        if (stopped) return;
        stopped = true;
        await cell.DisposeAsync();
    }

    private Task ServingAsync(AgentProcess agent, int version) =>
        Wait.Until(async () => (string?)Find(await agent.NodeAsync(http), version)?["stage"] == "serving", $"version {version} to serve");

    private static JsonNode? Find(JsonNode node, int version) => node["versions"]!.AsArray().FirstOrDefault(v => (string)v!["model"]! == Clips.Model && (int)v["version"]! == version);
}
