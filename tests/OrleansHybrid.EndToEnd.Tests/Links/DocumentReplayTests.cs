using System.Text.Json.Nodes;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Links;

/// <summary>A region below a server that replays, forges and mixes up: what held goes on holding, and each refusal is told.</summary>
public sealed class DocumentReplayTests
{
    [Fact]
    public async Task Replayed_foreign_and_forged_documents_are_refused_and_told_and_the_old_one_holds()
    {
        var (signer, forger) = (new DocumentSigner(), new DocumentSigner());
        await using var above = await FleetAbove.StartAsync(signer.Endorsement(), forger.Endorsement());
        using var folder = new TempFolder();
        using var http = new HttpClient();
        var cell = Region(above.Port);
        signer.WritePublisher(Path.Combine(folder.Path, "state", "publishers"));
        await using var region = SiloProcess.Start(cell.Arguments(folder.Path), folder.Path);
        await region.WaitUntilReadyAsync();

        above.Give(signer.Document(7, versions: 2));
        await Wait.Until(async () => await RevisionAsync(http, cell) == 7, "the first document");
        above.Give(signer.Document(5));
        above.Give(forger.Document(8));
        above.Give(signer.Document(9, farm: DocumentSigner.OtherFarm));
        above.Give(signer.Document(7, versions: 1));
        above.Give("{}"u8.ToArray());

        foreach (var refusal in new[] { "OldRevision", "NotEndorsed", "OtherFarm", "Conflict", "WrongShape" })
        {
            await Wait.Until(async () => (await http.GetStringAsync($"{cell.HttpUrl}/metrics")).Contains($"hybrid_documents_refused_total{{refusal=\"{refusal}\"}} 1", StringComparison.Ordinal), $"the refusal {refusal}");
            Assert.Contains($"is refused ({refusal})", region.Log, StringComparison.Ordinal);
        }

        Assert.Equal(7, await RevisionAsync(http, cell));
        above.Give(signer.Document(10, versions: 3));
        await Wait.Until(async () => await RevisionAsync(http, cell) == 10, "the next good document");
    }

    [SkippableFact]
    public async Task Silo_without_a_way_up_has_what_another_silo_of_its_region_fetched()
    {
        Skip.If(RedisServer.Program is null, "redis-server is not installed");
        await using var redis = await RedisServer.StartAsync();
        var signer = new DocumentSigner();
        await using var above = await FleetAbove.StartAsync(signer.Endorsement());
        using var folder = new TempFolder();
        using var http = new HttpClient();
        var blind = Region(FreePorts.Take()) with { Store = redis.Address, Data = folder.Sub("state/blind") };
        var sighted = Region(above.Port) with { Store = redis.Address, Data = folder.Sub("state/sighted") };
        signer.WritePublisher(Path.Combine(folder.Path, "state", "publishers"));
        await using var one = SiloProcess.Start(blind.Arguments(folder.Path), folder.Path);
        await one.WaitUntilReadyAsync();
        await using var two = SiloProcess.Start(sighted.Arguments(folder.Path), folder.Path);
        await two.WaitUntilReadyAsync();

        above.Give(signer.Document(4));

        await Wait.Until(async () => await RevisionAsync(http, sighted) == 4 && await RevisionAsync(http, blind) == 4, "both silos to have it");
    }

    private static TestCell Region(int port) => TestCell.Create("eu-west", TestCell.Create("central")) with { UpstreamPort = port };

    private static async Task<long> RevisionAsync(HttpClient http, TestCell cell) => (long)JsonNode.Parse(await http.GetStringAsync($"{cell.HttpUrl}/v1/documents"))!["revision"]!;
}
