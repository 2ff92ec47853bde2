using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Grains.Tests.Harness;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Nodes;

public sealed class EdgeNodeGrainTests
{
    private static readonly NodeKey Key = new(Sample.Cell, "box-1");
    private static readonly NodeVariant Tiny = new(Sample.Variant, "sha256:tiny", 1, 2, 0);

    [Fact]
    public async Task Twin_given_an_older_report_keeps_the_later_one()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var twin = cell.Client.GetNode(Key);

        Assert.True((await twin.ReportAsync(Sample.Report(Key, 2, 5, Tiny), default)).Accepted);
        Assert.False((await twin.ReportAsync(Sample.Report(Key, 2, 4), default)).Accepted);
        var old = await twin.ReportAsync(Sample.Report(Key, 1, 9), default);

        Assert.Equal(new NodeReceipt(false, 2, 5), old);
        Assert.Single((await twin.GetAsync(default)).Report!.Variants);
    }

    [Fact]
    public async Task Twin_activated_again_knows_what_it_was_told_and_refuses_what_is_older()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var twin = cell.Client.GetNode(Key);
        await twin.ReportAsync(Sample.Report(Key, 2, 5, Tiny), default);

        await cell.DeactivateAsync(twin);

        Assert.Equal("sha256:tiny", (await twin.GetAsync(default)).Report!.Variants[0].Digest);
        Assert.False((await twin.ReportAsync(Sample.Report(Key, 1, 9), default)).Accepted);
    }

    [Fact]
    public async Task Twin_of_a_node_that_fell_silent_is_stale_and_tells_its_age()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var twin = cell.Client.GetNode(Key);
        await twin.ReportAsync(Sample.Report(Key, 1, 1), default);
        Assert.Equal(NodeHealth.Healthy, (await twin.GetAsync(default)).Health);

        cell.Clock.Advance(Limits.NodeStaleAfter + TimeSpan.FromSeconds(1));

        var status = await twin.GetAsync(default);
        Assert.Equal((NodeHealth.Stale, Limits.NodeStaleAfter + TimeSpan.FromSeconds(1)), (status.Health, status.Age));
    }

    [Fact]
    public async Task Twin_that_never_heard_of_its_node_is_unknown()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());

        Assert.Equal(new NodeStatus(Key, NodeHealth.Unknown, null, null, null), await cell.Client.GetNode(Key).GetAsync(default));
    }

    [Fact]
    public async Task Twin_is_written_only_when_something_changed()
    {
        var storage = new CountingStorage();
        await using var cell = await TestCell.StartAsync(new GatedInference(), storage: storage);
        var twin = cell.Client.GetNode(Key);

        await twin.ReportAsync(Sample.Report(Key, 1, 1, Tiny), default);
        var writes = storage.WritesOf(twin);
        await twin.ReportAsync(Sample.Report(Key, 1, 2, Tiny with { QueueMsP95 = 50, Waiting = 3 }), default);
        Assert.Equal(writes, storage.WritesOf(twin));
        await twin.ReportAsync(Sample.Report(Key, 1, 3), default);

        Assert.Equal((1, 2), (writes, storage.WritesOf(twin)));
    }

    [Fact]
    public async Task Twin_refuses_another_nodes_report()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());

        await Assert.ThrowsAsync<ArgumentException>(() => cell.Client.GetNode(Key).ReportAsync(Sample.Report(new NodeKey(Sample.Cell, "box-2"), 1, 1), default));
    }
}
