using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Nodes;

/// <summary>Central comes back from a backup that is older than what its region holds.</summary>
public sealed class RestoredCentralTests : IAsyncLifetime
{
    private StoryFarm farm = null!;

    public async Task InitializeAsync() => farm = await StoryFarm.StartAsync();

    public Task DisposeAsync() => farm.DisposeAsync().AsTask();

    [Fact]
    public async Task Region_keeps_the_newer_documents_and_takes_what_the_restored_central_publishes_next()
    {
        var region = farm.NewRegion("eu-west");
        var below = await farm.StartAsync(region);
        await PushAsync(1, farm.Central, region);
        farm.ProcessOf(farm.Central).Terminate();
        await farm.ProcessOf(farm.Central).WaitForExitAsync();
        FolderCopy.Restore(farm.Central.DataFolder(farm.Folder), farm.Sub("backup"));
        await farm.StartAsync(farm.Central);
        await PushAsync(2, farm.Central, region);

        await farm.ProcessOf(farm.Central).KillAsync();
        var old = farm.Central with { Data = farm.Sub("backup") };
        var restored = await farm.StartAsync(old);

        await Wait.Until(() => below.Log.Contains("It was restored from an old copy", StringComparison.Ordinal), "the region to say so");
        await Wait.Until(() => restored.Log.Contains("it was restored from an old copy", StringComparison.Ordinal), "central to learn it");
        Assert.Equal(StoryPlace.Of(region).Right(2), await StoryPlace.Of(region).AskAsync(farm.Http));
        await PushAsync(3, old, region);
    }

    private async Task PushAsync(int version, TestCell central, TestCell region)
    {
        farm.Desk.Prepare(version);
        Assert.Equal("", (await farm.PushAsync(version, central)).Error);
        await Wait.Until(() => StoryPlace.Of(region).ServesAsync(farm.Http, version), $"the region to serve version {version}");
    }
}
