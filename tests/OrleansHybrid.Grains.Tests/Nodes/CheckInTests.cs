using OrleansHybrid.Contracts;
using OrleansHybrid.Contracts.Nodes;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Grains.Nodes;
using OrleansHybrid.Grains.Tests.Harness;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Nodes;

public sealed class CheckInTests
{
    private static readonly NodeKey Key = new(Sample.Cell, "box-1");

    [Fact]
    public async Task Unchanged_check_ins_touch_neither_twin_nor_store()
    {
        var storage = new CountingStorage();
        await using var cell = await TestCell.StartAsync(new GatedInference(), storage: storage);
        var (batcher, twin) = (cell.Service<CheckInBatcher>(), cell.Client.GetNode(Key));
        await AcceptedAsync(batcher, CheckIn(1, Report(1)));
        var writes = storage.WritesOf(twin);

        for (var i = 2; i <= 50; i++) await AcceptedAsync(batcher, CheckIn(i, null, unchangedSince: 1));
        Assert.Equal((1, 1), (writes, storage.WritesOf(twin)));
        await AcceptedAsync(batcher, CheckIn(51, Report(51) with { Problems = ["disk full"] }));

        Assert.Equal(2, storage.WritesOf(twin));
        var status = (await cell.Client.FindNodesAsync([Key], default))[0];
        Assert.Equal((NodeHealth.Unhealthy, "disk full"), (status.Health, Assert.Single(status.Report!.Problems)));
    }

    [Fact]
    public async Task Many_check_ins_at_once_are_each_answered()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var batcher = cell.Service<CheckInBatcher>();
        var keys = Enumerable.Range(0, 500).Select(i => new NodeKey(Sample.Cell, $"box-{i}")).ToArray();

        await Task.WhenAll(keys.Select(k => AcceptedAsync(batcher, CheckIn(1, Report(1), k))));
        await Task.WhenAll(keys.Select(k => AcceptedAsync(batcher, CheckIn(2, null, k, unchangedSince: 1))));

        var counts = await cell.Client.CountNodesAsync(default);
        Assert.Equal(500, counts.Rows.Where(r => r is { Kind: "device", Health: "healthy" }).Sum(r => r.Nodes));
    }

    [Fact]
    public async Task Second_copy_of_an_identity_is_refused_while_the_first_is_at_work_and_let_in_after_long_silence()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var batcher = cell.Service<CheckInBatcher>();
        await AcceptedAsync(batcher, CheckIn(1, Report(1)) with { Instance = new NodeInstance("p", []) });
        await AcceptedAsync(batcher, CheckIn(2, Report(2)) with { Instance = new NodeInstance("a", ["p"]) });

        var copy = CheckIn(3, Report(3)) with { Instance = new NodeInstance("b", ["p"]) };
        var refused = (await batcher.CheckInAsync(copy, default)).Outcome!;
        cell.Clock.Advance(Limits.InstanceQuietMin);
        var restored = (await batcher.CheckInAsync(copy, default)).Outcome!;

        Assert.Equal(CheckInVerdict.RefusedCopy, refused.Verdict);
        Assert.Equal((CheckInVerdict.Accepted, true), (restored.Verdict, restored.Restored));
        Assert.Equal(CheckInVerdict.RefusedCopy, (await batcher.CheckInAsync(CheckIn(4, Report(4)) with { Instance = new NodeInstance("a", ["p"]) }, default)).Outcome!.Verdict);
    }

    [Fact]
    public async Task Shard_that_forgot_wants_the_whole_report_and_the_twin_still_tells_copies_apart()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var batcher = cell.Service<CheckInBatcher>();
        await AcceptedAsync(batcher, CheckIn(1, Report(1)));

        await cell.DeactivateAsync(cell.Client.GetFleetShard(Key));

        Assert.Equal(NodeHealth.Unknown, (await cell.Client.FindNodesAsync([Key], default))[0].Health);
        Assert.Equal(CheckInVerdict.ReportWanted, (await batcher.CheckInAsync(CheckIn(2, null, unchangedSince: 1), default)).Outcome!.Verdict);
        Assert.Equal(CheckInVerdict.RefusedCopy, (await batcher.CheckInAsync(CheckIn(2, Report(2)) with { Instance = new NodeInstance("x", []) }, default)).Outcome!.Verdict);
        await AcceptedAsync(batcher, CheckIn(3, Report(3)));
    }

    [Fact]
    public async Task Nodes_are_found_by_label_of_their_join_token_and_by_version_and_stage()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var batcher = cell.Service<CheckInBatcher>();
        await cell.Client.GetNode(Key).EnrolAsync(new NodeIdentity("s1", new Dictionary<string, string> { ["site"] = "north" }, "boot", DateTimeOffset.UnixEpoch, null), default);
        await AcceptedAsync(batcher, CheckIn(1, Report(1) with { Versions = [new NodeVersion("m", 2, "tiny", "sha256:b", NodeVersionStage.Loaded, 0, "")] }));
        await AcceptedAsync(batcher, CheckIn(1, Report(1), new NodeKey(Sample.Cell, "box-2")));

        Assert.Equal(Key, Assert.Single((await cell.Client.ListNodesAsync(new FleetQuery { Labels = new Dictionary<string, string> { ["site"] = "north" } }, default)).Nodes).Key);
        Assert.Equal(Key, Assert.Single((await cell.Client.ListNodesAsync(new FleetQuery { Model = "m", Version = 2, Stage = NodeVersionStage.Loaded }, default)).Nodes).Key);
        Assert.Empty((await cell.Client.ListNodesAsync(new FleetQuery { Model = "m", Version = 2, Stage = NodeVersionStage.Serving }, default)).Nodes);
    }

    private static async Task AcceptedAsync(CheckInBatcher batcher, NodeCheckIn checkIn)
    {
        var (outcome, failure) = await batcher.CheckInAsync(checkIn, default);
        Assert.Null(failure);
        Assert.Equal(CheckInVerdict.Accepted, outcome!.Verdict);
    }

    private static NodeReport Report(long sequence) => Sample.Report(Key, 1, sequence) with { Kind = NodeKind.Device };

    private static NodeCheckIn CheckIn(long sequence, NodeReport? report, NodeKey? key = null, long unchangedSince = 0) =>
        new(key ?? Key, new NodeInstance("boot", []), 1, sequence, 0, report is null ? null : report with { Key = key ?? Key }, unchangedSince);
}
