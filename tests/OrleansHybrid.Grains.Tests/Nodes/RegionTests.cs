using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Grains.Nodes;
using OrleansHybrid.Grains.Tests.Harness;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Nodes;

public sealed class RegionTests
{
    [Fact]
    public async Task Region_that_returns_and_repeats_itself_counts_nothing_twice()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var region = cell.Client.GetRegion("us-east");
        await region.CheckInAsync(CheckIn("a", 1, Report(100)), default);
        await region.CheckInAsync(CheckIn("a", 2, Report(100)), default);
        cell.Clock.Advance(TimeSpan.FromMinutes(1)); // Stale by far; each 100 ms of a fake clock is a tick of every timer.
        Assert.Equal(NodeHealth.Stale, (await region.GetAsync(default)).Health);

        Assert.Equal(CheckInVerdict.OutOfOrder, (await region.CheckInAsync(CheckIn("a", 2, Report(100)), default)).Verdict);
        await region.CheckInAsync(CheckIn("a", 3, Report(140)), default);

        var status = await region.GetAsync(default);
        Assert.Equal((NodeHealth.Healthy, 140L), (status.Health, Assert.Single(status.Totals).Requests));
    }

    [Fact]
    public async Task Totals_of_a_region_survive_a_restart_of_central_while_its_health_is_unknown()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var region = cell.Client.GetRegion("us-east");
        await region.CheckInAsync(CheckIn("a", 1, Report(100)), default);

        await cell.DeactivateAsync(region);

        var status = await region.GetAsync(default);
        Assert.Equal((NodeHealth.Unknown, 100L), (status.Health, Assert.Single(status.Totals).Requests));
    }

    [Fact]
    public async Task Of_two_regions_restored_from_one_backup_one_is_refused_until_the_other_was_silent_for_long()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var region = cell.Client.GetRegion("us-east");
        await region.CheckInAsync(CheckIn("p", 1, Report(1)), default);

        var first = await region.CheckInAsync(CheckIn("a", 2, Report(1), "p"), default);
        var second = await region.CheckInAsync(CheckIn("b", 2, Report(1), "p"), default);

        Assert.Equal((CheckInVerdict.Accepted, CheckInVerdict.RefusedCopy), (first.Verdict, second.Verdict));
        cell.Clock.Advance(Limits.InstanceQuietMin);
        var restored = await region.CheckInAsync(CheckIn("b", 3, Report(1), "p"), default);
        Assert.Equal((CheckInVerdict.Accepted, true), (restored.Verdict, restored.Restored));
        Assert.Equal(CheckInVerdict.RefusedCopy, (await region.CheckInAsync(CheckIn("a", 3, Report(1), "p"), default)).Verdict);
    }

    [Fact]
    public async Task One_silo_at_a_time_has_the_turn_and_each_run_of_the_cell_follows_the_one_before()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var uplink = cell.Client.GetUplink(Sample.Cell);
        var first = (await uplink.TakeTurnAsync("s1", default))!;
        Assert.Null(await uplink.TakeTurnAsync("s2", default));
        cell.Clock.Advance(Limits.RegionTurnMax);
        Assert.Equal(first.Sequence + 1, (await uplink.TakeTurnAsync("s2", default))!.Sequence);

        // A run that central never answered, then one more: both name the first.
        await uplink.AnsweredAsync(first.Instance.Boot, first.Epoch, 1, default);
        await cell.DeactivateAsync(uplink);
        var silent = (await uplink.TakeTurnAsync("s1", default))!;
        await cell.DeactivateAsync(uplink);
        var third = (await uplink.TakeTurnAsync("s1", default))!;

        Assert.Equal([first.Instance.Boot], silent.Instance.Previous);
        Assert.Equal([silent.Instance.Boot, first.Instance.Boot], third.Instance.Previous);
        Assert.True(third.Epoch > silent.Epoch && silent.Epoch > first.Epoch);
    }

    [Fact]
    public async Task Fleet_key_survives_a_restart_and_revoked_credentials_stay_revoked()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var ring = cell.Service<FleetTrustRing>();
        await ring.RefreshAsync(default);
        var credential = ring.Write(new NodeCredential(Sample.Cell, "box-1", EnrolledKind.Node, "s1", DateTimeOffset.UnixEpoch))!;
        Assert.Equal(NodeStanding.Good, ring.Judge(credential).Standing);

        await cell.Client.GetFleetTrust(Sample.Cell).RevokeSerialAsync("s1", default);
        await cell.DeactivateAsync(cell.Client.GetFleetTrust(Sample.Cell));
        await ring.RefreshAsync(default);

        Assert.Equal((NodeStanding.Revoked, "box-1"), (ring.Judge(credential).Standing, ring.Judge(credential).Credential!.Node));
        Assert.Equal(NodeStanding.Unknown, ring.Judge(credential[..^2] + "xx").Standing);
    }

    [Fact]
    public async Task Credential_that_is_remembered_as_checked_is_refused_once_it_is_revoked_and_others_stay_good()
    {
        await using var cell = await TestCell.StartAsync(new GatedInference());
        var ring = cell.Service<FleetTrustRing>();
        await ring.RefreshAsync(default);
        string[] credentials = [.. new[] { "s1", "s2" }.Select(serial => ring.Write(new NodeCredential(Sample.Cell, "box-" + serial, EnrolledKind.Node, serial, DateTimeOffset.UnixEpoch))!)];
        Assert.All(credentials, c => Assert.Same(ring.Judge(c).Credential, ring.Judge(c).Credential));

        await cell.Client.GetFleetTrust(Sample.Cell).RevokeSerialAsync("s1", default);
        await ring.RefreshAsync(default);

        Assert.Equal([NodeStanding.Revoked, NodeStanding.Good], credentials.Select(c => ring.Judge(c).Standing));
        Assert.Equal([NodeStanding.Revoked, NodeStanding.Good], credentials.Select(c => ring.Judge(c).Standing));
    }

    private static RegionCheckIn CheckIn(string boot, long sequence, RegionReport report, params string[] previous) =>
        new("us-east", "", new NodeInstance(boot, previous), 1, sequence, 0, report, 0);

    private static RegionReport Report(long requests) =>
        new("us-east", Zone.Edge, NodeCounts.None, new RegionLink("up", 1, 0, 1), [new VersionTotal("keyword", 1, 7, requests, 0)], []);
}
