using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.EndToEnd.Tests.Access;
using OrleansHybrid.EndToEnd.Tests.Bundles;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.EndToEnd.Tests.Links;
using OrleansHybrid.EndToEnd.Tests.Nodes;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Tamper;

/// <summary>A box refuses documents that somebody between it and its cell forged, and what was changed in its folder; it goes on acting by what it has, and its cell writes each refusal down once.</summary>
public sealed class TamperedNodeDocumentTests : IAsyncLifetime
{
    private const string Model = "steady";
    private readonly TempFolder folder = new();
    private readonly HttpClient http = new() { Timeout = Wait.Long };
    private readonly PushedVersion publisher = new("publisher");
    private readonly DocumentSigner forger = new();
    private RunningCell cell = null!;
    private long revision = 1000;

    private PushCalls Calls => new(http, cell.Cell, cell.OperatorKey);

    private DocumentSet Held => cell.Services.GetRequiredService<IDocumentSource>().Current;

    public async Task InitializeAsync()
    {
        publisher.TrustIn(Path.Combine(folder.Path, "state", "publishers"));
        cell = await RunningCell.StartAsync("central", folder);
        await Calls.EndorseAsync(publisher);
        await PushAsync("other");
        await PushAsync(Model);
    }

    public async Task DisposeAsync()
    {
        await cell.DisposeAsync();
        http.Dispose();
        publisher.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Tampered_documents_are_refused_for_their_reasons_written_down_once_by_the_cell_and_the_old_ones_hold()
    {
        var token = await new CellDesk(cell.Cell, folder, http).TokenAsync();
        await using var middle = await FleetMiddle.StartAsync(cell.Cell);
        string[] options = ["--cell", middle.Url, "--token", token, "--name", "box-1"];
        await using (var agent = await AgentProcess.Start(folder.Sub("box-1"), options).WaitUntilReadyAsync())
        {
            await Wait.Until(() => ServesAsync(agent), "version 1 on the box");
            var held = (long)(await agent.NodeAsync(http))["documents"]!["revision"]!;

            middle.SlipIn(Forged(), forger.Endorsement(Held.Farm));

            foreach (var kind in TamperTable.Of(TamperPlace.NodeDocument)) await ToldAsync(kind);
            Assert.Equal(held, (long)(await agent.NodeAsync(http))["documents"]!["revision"]!);
            Assert.True(await ServesAsync(agent));

            middle.SlipIn(Forged("document-old-revision"), forger.Endorsement(Held.Farm));
            await ListedAsync("document-old-revision", 2);
        }

        Replace(Directory.EnumerateFiles(Path.Combine(folder.Sub("box-1"), "documents"), "document-*").First());
        await using var again = await AgentProcess.Start(folder.Sub("box-1"), options[..2]).WaitUntilReadyAsync();

        await ToldAsync(TamperTable.Find("node-disk-document-altered"));
        await Wait.Until(() => ServesAsync(again), "version 1 on the box again");
        await Wait.Until(async () => (long)(await again.NodeAsync(http))["documents"]!["revision"]! == Held.Revision, "the documents to be asked for again");
        Assert.Equal(TamperTable.Of(TamperPlace.NodeDocument).Count + 2, (await EntriesAsync()).Length);
    }

    private byte[][] Forged(params string[] names)
    {
        var real = Held.Find(DocumentKey.Catalogue(Model))!;
        var key = new DocumentSigner(File.ReadAllText(Path.Combine(cell.Cell.DataFolder(folder.Path), "document.key")));
        var tricks = new DocumentTricks(Held.Farm, key, forger, () => ++revision);
        // Where one was taken, it would take the version away that serves.
        var entry = real.Content()!.Catalogue!.Versions[0] with { Blocked = "forged" };
        if (names.Length == 0) names = [.. TamperTable.Of(TamperPlace.NodeDocument).Select(k => k.Name["node-".Length..])];
        return [.. names.Select(n => tricks.Make(n, Model, entry, real.Header.Revision))];
    }

    private Task ToldAsync(TamperKind kind) => Wait.Until(async () => (await EntriesAsync()).Any(e => kind.Tells((string)e["why"]!)), kind.Name + " in the cell's log", TimeSpan.FromSeconds(30));

    /// <summary>Other bytes of the same trick are told again, the same bytes are not.</summary>
    private Task ListedAsync(string trick, int times)
    {
        var kind = TamperTable.Find("node-" + trick);
        return Wait.Until(async () => (await EntriesAsync()).Count(e => kind.Tells((string)e["why"]!)) == times, $"{trick} {times} times in the cell's log", TimeSpan.FromSeconds(30));
    }

    private async Task<JsonNode[]> EntriesAsync() =>
        [.. (await Calls.SendAsync(HttpMethod.Get, "audit?what=document.refused&rows=100", null)).Body!["entries"]!.AsArray().Select(e => e!).Where(e => (string)e["who"]! == "node box-1")];

    private async Task<bool> ServesAsync(AgentProcess agent) => await Served.AnswerAsync(http, agent.Ports, Model, 1) == 1;

    private static void Replace(string path)
    {
        File.Delete(path);
        File.WriteAllText(path, "nonsense");
    }

    private async Task PushAsync(string model)
    {
        using var version = new PushedVersion(model, 1, publisher: publisher);
        await version.SignAsync();
        Assert.Equal(200, (await Calls.PushAsync(version)).Status);
    }
}
