using System.Text.Json.Nodes;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Nodes;

/// <summary>A region without its central cell for a month: it serves, says what is stale, takes in a box, and is right again when the way is back.</summary>
public sealed class MonthAloneTests : IAsyncLifetime
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(31);
    private StoryFarm farm = null!;
    private RecordingProxy? link;
    private int linkPort;
    private TestCell region = null!;

    /// <summary>By version, as last told: one that is gone is listed no more.</summary>
    private readonly Dictionary<int, long> counted = [];
    private long asked;

    public async Task InitializeAsync()
    {
        farm = await StoryFarm.StartAsync();
        link = RecordingProxy.To(farm.Central.Grpc);
        linkPort = link.Port;
        region = farm.NewRegion("eu-west") with { UpstreamPort = linkPort };
        foreach (var version in new[] { 1, 2 }) farm.Desk.Prepare(version);
    }

    public async Task DisposeAsync()
    {
        await farm.DisposeAsync();
        if (link is not null) await link.DisposeAsync();
    }

    [Fact]
    public async Task Region_cut_for_a_month_and_restarted_serves_takes_in_a_box_and_is_right_again_on_its_return()
    {
        await farm.StartAsync(region);
        await PushAsync(1);
        await Wait.Until(() => StoryPlace.Of(region).ServesAsync(farm.Http, 1), "the region to serve");
        await AskAsync(5);
        await Wait.Until(async () => await CountedAboveAsync() == asked, "central to have counted what the region answered");

        await link!.DisposeAsync();
        link = null;
        await farm.RestartAsync(farm.Central, Month);
        await PushAsync(2);
        await CutOffAsync();
        await farm.RestartInOrderAsync(region, Month);
        await AskAsync(3);
        await StaleOnceAsync();
        var box = await BoxAsync();

        link = RecordingProxy.At(linkPort, farm.Central.Grpc);
        await RightAgainAsync(box);
    }

    /// <summary>Restarted while cut, it comes back with what it has, and says that this is old.</summary>
    private async Task CutOffAsync()
    {
        var alone = await farm.RestartInOrderAsync(region, Month);
        await AskAsync(3);
        await Wait.Until(() => alone.Log.Contains("It goes on being served, and no wave starts by it.", StringComparison.Ordinal), "the alarm");
        Assert.All(await DocumentsAsync(region), d => Assert.Equal("expired", (string?)d["state"]));
        await Wait.Until(async () => (await farm.AuditAsync(region, AuditVerbs.DocumentExpired)).Count > 0, "the end of the catalogue in the audit log");
    }

    /// <summary>The run after it alarms again, and the audit log tells each end once.</summary>
    private async Task StaleOnceAsync()
    {
        await Wait.Until(() => farm.ProcessOf(region).Log.Contains("It goes on being served, and no wave starts by it.", StringComparison.Ordinal), "the alarm of the second run");
        var told = (await farm.AuditAsync(region, AuditVerbs.DocumentExpired)).Select(e => (string?)e["subject"]).ToArray();
        Assert.Contains("catalogue/keyword", told);
        Assert.Equal(told.Distinct(), told);
    }

    private async Task<StoryPlace> BoxAsync()
    {
        var agent = await farm.JoinAsync("box-1", region, Month);
        var box = StoryPlace.Box("box-1", agent.Ports);
        await Wait.Until(() => box.ServesAsync(farm.Http, 1), "the box to serve what the region had verified");
        Assert.Equal(box.Right(1), await box.AskAsync(farm.Http));
        Assert.False(await StoryPlace.Of(region).ServesAsync(farm.Http, 2));
        return box;
    }

    private async Task RightAgainAsync(StoryPlace box)
    {
        foreach (var place in new[] { StoryPlace.Of(region), box })
        {
            await Wait.Until(() => place.ServesAsync(farm.Http, 2), $"{place.Name} to catch up");
            Assert.Equal(place.Right(2), await place.AskAsync(farm.Http));
        }

        asked++;
        Assert.All(await DocumentsAsync(region), d => Assert.Equal("fresh", (string?)d["state"]));
        await Wait.Until(async () => await RegionAsync() is { } told && (string?)told["health"] == "healthy" && told["expired_documents"]!.AsArray().Count == 0, "central to hear that nothing is stale");
        await Wait.Until(async () => await CountedBelowAsync() == asked && await CountedAboveAsync() >= asked, "central to have counted all");
        Assert.Equal(asked, await CountedAboveAsync());
    }

    private async Task PushAsync(int version) => Assert.Equal("", (await farm.PushAsync(version)).Error);

    private async Task AskAsync(int times)
    {
        var place = StoryPlace.Of(region);
        for (var i = 0; i < times; i++) Assert.Equal(place.Right(1), await place.AskAsync(farm.Http));
        asked += times;
        await Wait.Until(async () => await CountedBelowAsync() == asked, "the region to have written its counts down");
    }

    /// <summary>What the region's versions answered, as central tells it.</summary>
    private async Task<long> CountedAboveAsync() => (await RegionAsync())?["totals"]!.AsArray().Sum(t => (long)t!["requests"]!) ?? 0;

    private async Task<long> CountedBelowAsync()
    {
        var sum = 0L;
        foreach (var version in new[] { 1, 2 })
        {
            using var answer = await farm.Http.GetAsync($"{region.HttpUrl}/v1/versions/keyword/{version}");
            if (answer.IsSuccessStatusCode) sum += counted[version] = (long)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["requests"]!;
            else sum += counted.GetValueOrDefault(version);
        }

        return sum;
    }

    private async Task<JsonNode?> RegionAsync() => (await farm.GetAsync(farm.Central, "regions"))["regions"]!.AsArray().SingleOrDefault();

    private async Task<JsonNode[]> DocumentsAsync(TestCell cell) => [.. (await farm.GetAsync(cell, "documents"))["documents"]!.AsArray().Select(d => d!)];
}
