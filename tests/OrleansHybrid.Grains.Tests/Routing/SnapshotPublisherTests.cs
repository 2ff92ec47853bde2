using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Grains.Routing;
using OrleansHybrid.Grains.Tests.Harness;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Routing;

public sealed class SnapshotPublisherTests
{
    [Fact]
    public async Task Snapshot_after_the_repository_changed_holds_the_new_catalogue_and_the_old_one_is_untouched()
    {
        await using var cell = await TestCell.StartAsync();
        var source = cell.Service<ISnapshotSource>();
        var before = source.Current;

        cell.Repository().Replace(Sample.Repository(Sample.Version, new ModelVersionKey("anomaly", 3)));

        Assert.NotSame(before, source.Current);
        Assert.Contains("anomaly", source.Current.Inputs.Repository.Models.Keys);
        Assert.DoesNotContain("anomaly", before.Inputs.Repository.Models.Keys);
    }

    [Fact]
    public async Task Snapshot_after_an_interval_is_another_without_any_event()
    {
        await using var cell = await TestCell.StartAsync();
        var source = cell.Service<ISnapshotSource>();
        var before = source.Current;

        cell.Engine().State.Variants[Sample.Variant].Statistics.AddWaiting(5);

        await Until.TrueAsync(
            () =>
            {
                cell.Clock.Advance(Limits.SnapshotInterval);
                return source.Current.Inputs.Local.TryGetValue(Sample.Variant, out var load) && load.Waiting == 5;
            },
            "the next snapshot shows what waits");
        Assert.NotSame(before, source.Current);
    }

    [Fact]
    public async Task Snapshot_of_a_silo_that_stops_says_so()
    {
        await using var cell = await TestCell.StartAsync();
        var publisher = cell.Service<SnapshotPublisher>();

        publisher.Drain();

        Assert.True(publisher.Current.Inputs.Draining);
    }
}
