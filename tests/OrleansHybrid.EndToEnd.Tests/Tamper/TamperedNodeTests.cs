using OrleansHybrid.EndToEnd.Tests.Access;
using OrleansHybrid.EndToEnd.Tests.Bundles;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.EndToEnd.Tests.Nodes;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Tamper;

/// <summary>A box whose link somebody tampers with refuses the file, goes on serving, and tells its cell, which writes it down.</summary>
public sealed class TamperedNodeTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly HttpClient http = new() { Timeout = Wait.Long };
    private readonly PushedVersion publisher = new("publisher");
    private RunningCell cell = null!;

    private PushCalls Calls => new(http, cell.Cell, cell.OperatorKey);

    public async Task InitializeAsync()
    {
        publisher.TrustIn(Path.Combine(folder.Path, "state", "publishers"));
        cell = await RunningCell.StartAsync("central", folder);
        await Calls.EndorseAsync(publisher);
    }

    public async Task DisposeAsync()
    {
        await cell.DisposeAsync();
        http.Dispose();
        publisher.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Tampered_file_is_refused_for_its_reason_told_to_the_cell_and_written_down_there_and_the_old_version_serves()
    {
        var kinds = TamperTable.Of(TamperPlace.Node);
        var token = await new CellDesk(cell.Cell, folder, http).TokenAsync();
        await using var middle = await FleetMiddle.StartAsync(cell.Cell);
        await using var agent = AgentProcess.Start(folder.Sub("box-1"), "--cell", middle.Url, "--token", token, "--name", "box-1");
        await agent.WaitUntilReadyAsync();
        foreach (var kind in kinds) await PushAsync(kind.Name, 1, 1);
        foreach (var kind in kinds) await Wait.Until(async () => await Served.AnswerAsync(http, agent.Ports, kind.Name, 1) == 1, $"{kind.Name}@1 on the box");

        foreach (var kind in kinds) await PushAsync(kind.Name, 2, 2, (digest, content) => middle.Blobs.Spoil(Add(middle, digest, content), kind.Name["node-".Length..]));

        foreach (var kind in kinds)
        {
            await Wait.Until(async () => (await Calls.AuditAsync("version.refused", kind.Name + "@2")).Any(e => (string)e!["who"]! == "node box-1" && kind.Tells((string)e["why"]!)), kind.Name + " in the cell's log", TimeSpan.FromSeconds(60));
            Assert.Equal(1, await Served.AnswerAsync(http, agent.Ports, kind.Name, 1));
            Assert.Null(await Served.AnswerAsync(http, agent.Ports, kind.Name, 2));
        }
    }

    private static string Add(FleetMiddle middle, string digest, byte[] content)
    {
        Assert.Equal(digest, middle.Blobs.Add(content));
        return digest;
    }

    /// <param name="spoil">Before anybody can ask for it.</param>
    private async Task PushAsync(string model, int number, float adds, Action<string, byte[]>? spoil = null)
    {
        using var version = new PushedVersion(model, number, publisher: publisher);
        version.Write("tiny.onnx", PushedVersion.Graph(adds));
        var notes = (byte[])[.. System.Text.Encoding.ASCII.GetBytes($"{model} {number}"), .. new byte[5000]];
        version.Write("notes.txt", notes);
        await version.SignAsync();
        spoil?.Invoke(PushCalls.DigestOf(notes), notes);
        Assert.Equal(200, (await Calls.PushAsync(version)).Status);
    }
}
