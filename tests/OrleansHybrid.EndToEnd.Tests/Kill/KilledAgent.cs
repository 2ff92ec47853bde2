using OrleansHybrid.EndToEnd.Tests.Access;
using OrleansHybrid.EndToEnd.Tests.Bundles;
using OrleansHybrid.EndToEnd.Tests.Nodes;
using OrleansHybrid.EndToEnd.Tests.Tamper;

namespace OrleansHybrid.EndToEnd.Tests.Kill;

/// <summary>A node agent as a process, below an authority that lives on.</summary>
public sealed class KilledAgent : KilledPlace
{
    private RunningCell? cell;
    private FleetMiddle? middle;
    private AgentProcess? agent;

    internal override string Name => "the agent";

    internal override string Bundles => Folder.Sub("box-1/bundles");

    internal override string Log => agent!.Log[^Math.Min(agent.Log.Length, 4000)..];

    private PushCalls Calls => new(Http, cell!.Cell, cell.OperatorKey);

    public override async Task InitializeAsync()
    {
        Publisher.TrustIn(Path.Combine(Folder.Path, "state", "publishers"));
        cell = await RunningCell.StartAsync("central", Folder);
        await Calls.EndorseAsync(Publisher);
        middle = await FleetMiddle.StartAsync(cell.Cell);
        var token = await new CellDesk(cell.Cell, Folder, Http).TokenAsync();
        agent = AgentProcess.Start(Folder.Sub("box-1"), Variables, "--cell", middle.Url, "--token", token, "--name", "box-1");
        await ReadyAsync();
        await AdvanceAsync();
        await AdvanceAsync();
    }

    public override async Task DisposeAsync()
    {
        if (agent is not null) await agent.DisposeAsync();
        if (middle is not null) await middle.DisposeAsync();
        if (cell is not null) await cell.DisposeAsync();
        Http.Dispose();
        Publisher.Dispose();
        Folder.Dispose();
    }

    internal override void Begin() => agent = AgentProcess.Start(Folder.Sub("box-1"), Variables, "--cell", middle!.Url);

    internal override Task ReadyAsync() => agent!.WaitUntilReadyAsync();

    internal override bool HasExited => agent!.HasExited;

    internal override Task<int> ExitAsync() => agent!.WaitForExitAsync();

    internal override Task StopAsync() => agent!.KillAsync();

    internal override Task<float?> AnswerAsync(string model, int? version) => Served.AnswerAsync(Http, agent!.Ports, model, version);

    internal override async Task<bool> PushAsync(PushedVersion version) => (await Calls.PushAsync(version)).Status == 200;

    /// <summary>Until it is pushed again, the file comes altered.</summary>
    internal override async Task SpoilAsync(PushedVersion version)
    {
        middle!.Blobs.Spoil(middle.Blobs.Add(version.Read("notes.txt")), "byte-altered");
        await PushAsync(version);
        await agent!.WaitForExitAsync();
        middle.Blobs.Heal(PushCalls.DigestOf(version.Read("notes.txt")));
    }

    internal override async Task<string> ReportAsync() => (await agent!.NodeAsync(Http)).ToJsonString();
}
