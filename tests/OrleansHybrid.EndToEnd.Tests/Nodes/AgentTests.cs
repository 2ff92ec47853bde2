using System.Text;
using OrleansHybrid.EndToEnd.Tests.Bundles;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.EndToEnd.Tests.Links;
using OrleansHybrid.Grains.Tests.Routing;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Nodes;

/// <summary>Node agents as processes against a cell as a process: they join, report, answer, and go on with the cell gone.</summary>
public sealed class AgentTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly HttpClient http = new() { Timeout = Wait.Long };
    private readonly TestCell cell = TestCell.Create("eu-west");
    private readonly DocumentSigner signer = new();
    private SiloProcess silo = null!;

    private CellDesk Desk => new(cell, folder, http);

    public async Task InitializeAsync()
    {
        signer.WritePublisher(folder.Sub("publishers"));
        silo = await StartCellAsync();
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await silo.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Two_boxes_join_report_and_answer_also_with_their_cell_killed_and_keep_their_identity()
    {
        var joined = await JoinAsync("box-1", await Desk.TokenAsync(new { kind = "node", labels = new { site = "south" } }));
        Assert.True(joined.ExitCode == 0, joined.Error);
        await using var two = AgentProcess.Start(folder.Sub("box-2"), "--cell", cell.GrpcUrl, "--token", await Desk.TokenAsync(), "--name", "box-2", "--models", RepositoryRoot.SampleModels);
        await two.WaitUntilReadyAsync();
        await using (var one = Run("box-1", "--labels", "rack=a1", "--memory", "512MiB", "--sysfs", Meters()))
        {
            await one.WaitUntilReadyAsync();
            await HealthyAsync(2);
            var first = (await Desk.BoxesAsync())[0]["attributes"]!;
            Assert.Equal(("south", "a1", 512L << 20), ((string?)first["labels"]!["site"], (string?)first["labels"]!["rack"], (long)first["model_memory_bytes"]!));
            Assert.Equal((60, 45), ((int)first["battery_percent"]!, (int)first["temperature_c"]!));
            Assert.Equal("unmeasured", (string)(await one.NodeAsync(http))["energy"]!["joules_per1000"]!);
            foreach (var box in new[] { one, two }) await AnswersAsync(box);

            await silo.KillAsync();
            await AnswersAsync(one);
            await one.KillAsync();
        }

        await using var again = await Run("box-1").WaitUntilReadyAsync();
        await AnswersAsync(again);
        await Wait.Until(async () => (string)(await again.NodeAsync(http))["cell"]!["state"]! == "unreachable", "the agent to say that its cell is gone");

        silo = await StartCellAsync();
        await Wait.Until(async () => (string)(await again.NodeAsync(http))["cell"]!["state"]! == "reported", "the new run to be taken");
        await HealthyAsync(2);
    }

    [Fact]
    public async Task Documents_and_policy_of_the_farm_are_kept_and_hold_after_a_restart_without_the_cell()
    {
        var key = await Desk.SendAsync(HttpMethod.Get, "documents/key");
        await Desk.SendAsync(HttpMethod.Put, "documents/endorsement", new ByteArrayContent(signer.Endorse((string)key["public_key"]!, (string)key["farm"]!)));
        await Desk.SendAsync(HttpMethod.Post, "policies", new StringContent(PolicySample.Good, Encoding.UTF8, "application/yaml"));
        await JoinAsync("box-1", await Desk.TokenAsync());
        long revision = 0;
        await using (var agent = await Run("box-1").WaitUntilReadyAsync())
        {
            await Wait.Until(async () => (revision = (long)(await agent.NodeAsync(http))["documents"]!["revision"]!) > 0, "the policy document");
            await Wait.Until(async () => (string)(await agent.NodeAsync(http))["policy"]!["source"]! == "cell", "the policy to hold");
            await Wait.Until(async () => (await Desk.BoxesAsync())[0]["documents_revision"] is { } told && (long)told == revision, "the cell to know by which documents the node acts");
            await agent.KillAsync();
        }

        await silo.KillAsync();
        await using var later = await Run("box-1").WaitUntilReadyAsync();

        var node = await later.NodeAsync(http);
        Assert.Equal((revision, "policy/farm", "fresh"), ((long)node["documents"]!["revision"]!, (string?)node["documents"]!["held"]![0]!["document"], (string?)node["documents"]!["held"]![0]!["freshness"]));
        Assert.Equal("cell", (string)node["policy"]!["source"]!);
    }

    [Fact]
    public async Task Revoked_box_is_told_so_and_goes_on_serving()
    {
        await JoinAsync("box-1", await Desk.TokenAsync());
        await using var agent = await Run("box-1").WaitUntilReadyAsync();
        await HealthyAsync(1);

        await Desk.SendAsync(HttpMethod.Post, "nodes/box-1:revoke");

        await Wait.Until(() => agent.Log.Contains("refuses this node", StringComparison.Ordinal), "the agent to be told");
        Assert.Contains("was revoked or replaced", agent.Log, StringComparison.Ordinal);
        Assert.Equal("refused", (string)(await agent.NodeAsync(http))["cell"]!["state"]!);
        await AnswersAsync(agent);
    }

    [Fact]
    public async Task Copied_folder_that_is_run_as_a_second_agent_is_refused_as_a_copy_and_goes_on_serving()
    {
        await JoinAsync("box-1", await Desk.TokenAsync());
        FolderCopy.Restore(folder.Sub("box-1"), folder.Sub("copy"));
        await using var agent = await Run("box-1").WaitUntilReadyAsync();
        await HealthyAsync(1);

        await using var copy = await Run("copy").WaitUntilReadyAsync();

        await Wait.Until(() => copy.Log.Contains("Another copy of 'box-1' is at work", StringComparison.Ordinal), "the copy to be told");
        Assert.Equal("refused", (string)(await copy.NodeAsync(http))["cell"]!["state"]!);
        Assert.DoesNotContain("Another copy", agent.Log, StringComparison.Ordinal);
        var entry = Assert.Single((await Desk.SendAsync(HttpMethod.Get, "audit?what=node.refused"))["entries"]!.AsArray())!;
        Assert.Equal(("box-1", true), ((string?)entry["subject"], ((string)entry["why"]!).Contains("enrol it anew", StringComparison.Ordinal)));
        foreach (var box in new[] { agent, copy }) await AnswersAsync(box);
    }

    [Fact]
    public async Task Agent_that_is_told_to_stop_ends_well_and_a_second_one_on_its_folder_is_refused()
    {
        await JoinAsync("box-1", await Desk.TokenAsync());
        await using var agent = await Run("box-1").WaitUntilReadyAsync();
        await using var second = Run("box-1");

        Assert.Equal(1, await second.WaitForExitAsync());
        Assert.Contains("in use", second.Log, StringComparison.Ordinal);
        agent.Terminate();
        Assert.Equal(0, await agent.WaitForExitAsync());
    }

    private async Task<SiloProcess> StartCellAsync()
    {
        Directory.CreateDirectory(folder.Sub("none"));
        var started = SiloProcess.Start([.. cell.Arguments(folder.Path), "--models", folder.Sub("none"), "--publishers", folder.Sub("publishers")], folder.Path);
        await started.WaitUntilReadyAsync();
        return started;
    }

    private Task<ToolRun> JoinAsync(string name, string token) => HybridTool.RunAsync(folder.Path, "node", "join", "--cell", cell.GrpcUrl, "--token", token, "--name", name, "--data", folder.Sub(name));

    private AgentProcess Run(string name, params string[] more) => AgentProcess.Start(folder.Sub(name), [.. more, "--models", RepositoryRoot.SampleModels]);

    private async Task AnswersAsync(AgentProcess agent)
    {
        var json = await http.InferJsonAsync(agent.Ports, Clips.EasyJson);
        Assert.True(json.Ok, json.Text);
        Assert.Equal("device", json.Zone);
        Assert.Equal(json.Label, (await OipCalls.InferGrpcAsync(agent.Ports, Clips.EasyAudio)).Label);
    }

    private Task HealthyAsync(int boxes) => Wait.Until(
        async () => await Desk.BoxesAsync() is var all && all.Count == boxes && all.All(n => (string)n["health"]! == "healthy" && (string?)n["attributes"]!["runtime_version"] is { Length: > 0 }),
        $"{boxes} healthy boxes");

    /// <summary>A machine with a battery and one sensor.</summary>
    private string Meters()
    {
        var (battery, zone) = (folder.Sub("sys/class/power_supply/BAT0"), folder.Sub("sys/class/thermal/thermal_zone0"));
        foreach (var made in new[] { battery, zone }) Directory.CreateDirectory(made);
        File.WriteAllText(Path.Combine(battery, "type"), "Battery\n");
        File.WriteAllText(Path.Combine(battery, "status"), "Discharging\n");
        File.WriteAllText(Path.Combine(battery, "capacity"), "62\n");
        File.WriteAllText(Path.Combine(zone, "temp"), "43500\n");
        return folder.Sub("sys");
    }
}
