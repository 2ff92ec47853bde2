using Microsoft.Extensions.Time.Testing;
using OrleansHybrid.Contracts;
using OrleansHybrid.Contracts.Nodes;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Grains.Nodes;
using OrleansHybrid.Grains.Routing;
using OrleansHybrid.Grains.Tests.Harness;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Nodes;

public sealed class FleetTests
{
    [Fact]
    public async Task Fleet_listed_in_pages_has_every_node_once_and_in_order()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var keys = Enumerable.Range(0, 50).Select(i => new NodeKey("other", $"box-{i:00}")).ToArray();
        foreach (var key in keys) await HearAsync(cell, key);

        var seen = new List<NodeKey>();
        var query = new FleetQuery(NodeKind.Device, Rows: 7);
        FleetPage page;
        do
        {
            page = await cell.Client.ListNodesAsync(query, default);
            seen.AddRange(page.Nodes.Select(n => n.Key));
            query = query with { After = page.Next };
        }
        while (page.Next is not null);

        Assert.Equal(keys, seen);
    }

    [Fact]
    public async Task Fleet_listed_by_health_leaves_out_who_fell_silent()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var (silent, heard) = (new NodeKey("other", "silent"), new NodeKey("other", "heard"));
        await HearAsync(cell, silent);
        cell.Clock.Advance(Limits.NodeStaleAfter * 2);
        await HearAsync(cell, heard);

        var healthy = await cell.Client.ListNodesAsync(new FleetQuery(NodeKind.Device, NodeHealth.Healthy), default);
        var stale = await cell.Client.ListNodesAsync(new FleetQuery(NodeKind.Device, NodeHealth.Stale), default);

        Assert.Equal(heard, Assert.Single(healthy.Nodes).Key);
        Assert.Equal(silent, Assert.Single(stale.Nodes).Key);
    }

    [Fact]
    public async Task Reporter_reports_at_once_what_changed_and_else_at_the_heartbeat()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var reporter = cell.Service<NodeReporter>();
        var key = new NodeKey(Sample.Cell, cell.Nodes[0]);
        await reporter.ReportWhenDueAsync(default);

        Assert.False(await reporter.ReportWhenDueAsync(default));
        cell.Engine().State = Sample.Engine(Sample.Variant, new VariantKey("keyword", 2, "tiny"));
        Assert.True(await reporter.ReportWhenDueAsync(default));
        Assert.Equal(2, (await cell.Client.GetNode(key).GetAsync(default)).Report!.Variants.Count);
        Assert.False(await reporter.ReportWhenDueAsync(default));
    }

    [Fact]
    public async Task Peers_are_the_other_silos_and_drop_out_when_they_stop()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference(), silos: 2);
        for (var i = 0; i < 2; i++) await cell.Service<NodeReporter>(i).ReportWhenDueAsync(default);
        await cell.Service<PeerDirectory>(0).RefreshAsync(default);
        cell.Service<SnapshotPublisher>(0).Publish();

        var peer = Assert.Single(cell.Service<ISnapshotSource>(0).Current.Inputs.Peers);
        Assert.Equal((cell.Nodes[1], $"http://{cell.Nodes[1]}:1"), (peer.Key.Node, peer.InferenceAddress));

        await cell.StopSiloAsync(1);
        cell.Service<SnapshotPublisher>(0).Publish();
        Assert.Empty(cell.Service<ISnapshotSource>(0).Current.Inputs.Peers);
    }

    [Fact]
    public async Task Peers_whose_reports_grew_stale_drop_out()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference(), silos: 2);
        await cell.Service<NodeReporter>(1).ReportWhenDueAsync(default);
        var clock = new FakeTimeProvider(cell.Clock.GetUtcNow());
        var peers = new PeerDirectory(cell.Service<HybridGrainsOptions>(), cell.Service<IClusterMembershipService>(), cell.Service<IGrainFactory>(), clock);
        await peers.RefreshAsync(default);
        Assert.Single(peers.Read());

        clock.Advance(Limits.NodeStaleAfter + TimeSpan.FromSeconds(1));

        Assert.Empty(peers.Read());
    }

    [Fact]
    public async Task Reporter_after_its_clock_went_back_between_two_starts_is_believed()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var key = new NodeKey(Sample.Cell, cell.Nodes[0]);
        await cell.Service<NodeReporter>().ReportWhenDueAsync(default);
        var later = cell.Clock.GetUtcNow().AddYears(1).ToUnixTimeMilliseconds();
        await cell.Client.GetNode(key).ReportAsync(Sample.Report(key, later, 1), default);

        cell.Engine().State = EngineState.Empty;
        await cell.Service<NodeReporter>().ReportWhenDueAsync(default);

        Assert.Equal($"http://{cell.Nodes[0]}:1", (await cell.Client.GetNode(key).GetAsync(default)).Report!.InferenceAddress);
    }

    private static Task HearAsync(TestCell cell, NodeKey key) =>
        cell.Client.GetFleetShard(key).CheckInAsync([new NodeCheckIn(key, new NodeInstance("boot", []), 1, 1, 0, Sample.Report(key, 1, 1) with { Kind = NodeKind.Device }, 0, Judged: true)], default);
}
