using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Bundles.Store;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Kill;

/// <summary>A desired version of whose load two starts died is not loaded a third time: the last good one serves, and the place says why. Its successor serves.</summary>
internal sealed class Quarantine(KilledPlace place)
{
    public async Task RunAsync()
    {
        await place.AliveAsync();
        var good = place.Newest;
        using var bad = await place.MakeAsync(KilledPlace.Model);
        place.Arm(FailpointNames.ActivateSyncFolder.After);
        await place.PushAsync(bad);
        await place.DiesAsync("the first death");
        place.Arm(FailpointNames.ActivateSyncFolder.After);
        place.Begin();
        await place.DiesAsync("the second death");

        place.Begin();
        await place.ReadyAsync();
        Assert.Equal(good, await place.AnswerAsync(KilledPlace.Model, null));
        await Wait.Until(async () => (await place.ReportAsync()).Contains("quarantine", StringComparison.OrdinalIgnoreCase), $"the quarantine in the report of {place.Name}");
        Assert.Null(await place.AnswerAsync(KilledPlace.Model, bad.Version));
        Assert.Equal(good, await place.AnswerAsync(KilledPlace.Model, good));
        place.AssertWhole();

        using var next = await place.MakeAsync(KilledPlace.Model);
        await place.ReachAsync(next);
    }
}
