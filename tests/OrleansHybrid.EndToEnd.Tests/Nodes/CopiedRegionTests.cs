using System.Text.Json.Nodes;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Nodes;

/// <summary>One backup of a region, restored twice: the farm counts one of the two.</summary>
public sealed class CopiedRegionTests : IAsyncLifetime
{
    private StoryFarm farm = null!;

    public async Task InitializeAsync() => farm = await StoryFarm.StartAsync();

    public Task DisposeAsync() => farm.DisposeAsync().AsTask();

    [Fact]
    public async Task Second_region_from_one_backup_is_refused_with_its_own_reason_and_both_go_on_serving()
    {
        var region = farm.NewRegion("eu-west");
        var first = await farm.StartAsync(region);
        await PushAsync(region);
        await Wait.Until(async () => (string?)await HealthAsync() == "healthy", "central to know the region");
        first.Terminate();
        await first.WaitForExitAsync();
        FolderCopy.Restore(region.DataFolder(farm.Folder), farm.Sub("restored"));
        var original = await farm.StartAsync(region);
        await ReportedAsync(original);

        var copy = farm.NewRegion("eu-west") with { Data = farm.Sub("restored") };
        var second = await farm.StartAsync(copy);

        await Wait.Until(() => second.Log.Contains("Another copy of 'eu-west' is at work", StringComparison.Ordinal), "the copy to be told");
        var entry = Assert.Single(await farm.AuditAsync(farm.Central, AuditVerbs.NodeRefused));
        Assert.Equal("eu-west", (string?)entry["subject"]);
        Assert.Contains("enrol it anew", (string?)entry["why"], StringComparison.Ordinal);
        foreach (var place in new[] { StoryPlace.Of(region), StoryPlace.Of(copy) }) Assert.Equal(place.Right(1), await place.AskAsync(farm.Http));
        await ReportedAsync(original);
        Assert.DoesNotContain("Another copy", original.Log, StringComparison.Ordinal);
        Assert.Empty(await farm.AuditAsync(farm.Central, AuditVerbs.NodeRestored));
    }

    private async Task PushAsync(TestCell region)
    {
        farm.Desk.Prepare(1);
        var pushed = await farm.PushAsync(1);
        Assert.Equal("", pushed.Error);
        await Wait.Until(() => StoryPlace.Of(region).ServesAsync(farm.Http, 1), "the region to serve");
    }

    /// <summary>Until central has taken two more reports of that run: their age fell twice.</summary>
    private async Task ReportedAsync(SiloProcess original)
    {
        for (var taken = 0; taken < 2; taken++)
        {
            var before = await AgeAsync();
            await Wait.Until(async () => !original.HasExited && await AgeAsync() is { } now && (before is null || now < before), "another report of the region");
        }
    }

    private async Task<double?> AgeAsync() => (double?)(await RegionAsync())?["age_ms"];

    private async Task<JsonNode?> HealthAsync() => (await RegionAsync())?["health"];

    private async Task<JsonNode?> RegionAsync() => (await farm.GetAsync(farm.Central, "regions"))["regions"]!.AsArray().SingleOrDefault();
}
