using CsCheck;
using OrleansHybrid.FleetSimulator.Plan;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Simulation;

/// <summary>A fleet's plan: the seed alone decides, and the plan holds the mix that was asked for.</summary>
public sealed class FleetPlanTests
{
    private const int Many = 4000;

    /// <summary>How far a share of <see cref="Many"/> draws may lie from its chance: some five standard deviations of the widest one.</summary>
    private const double Near = 0.04;

    private static readonly Gen<FleetScenario> Scenarios =
        from seed in Gen.Int
        from nodes in Gen.Int[1, 60]
        from shares in Gen.Double[0, 1].Array[8]
        from fetching in Gen.Int[0, 60]
        select new FleetScenario
        {
            Seed = seed, Nodes = nodes, FetchesBlobs = fetching, Regions = ["eu-west", "us-east"], CutShare = shares[0], WrongClockShare = shares[1], DeathShare = shares[2],
            DeathInTransferShare = shares[3], FullDiskShare = shares[4], SlowDiskShare = shares[5], FailedLoadShare = shares[6], RepeatShare = shares[7],
        };

    [Fact]
    public void Same_seed_gives_the_same_plan() =>
        Scenarios.Sample(s => Assert.Equal(FleetPlanner.Of(s).Describe(), FleetPlanner.Of(s with { }).Describe()));

    [Fact]
    public void Larger_fleet_begins_with_the_smaller_ones_nodes() =>
        Scenarios.Sample(s => Assert.StartsWith(FleetPlanner.Of(s).Describe(), FleetPlanner.Of(s with { Nodes = s.Nodes + 7 }).Describe(), StringComparison.Ordinal));

    [Fact]
    public void Another_seed_gives_another_plan() =>
        Scenarios.Sample(s => Assert.NotEqual(FleetPlanner.Of(s).Describe(), FleetPlanner.Of(s with { Seed = unchecked(s.Seed + 1) }).Describe()));

    [Fact]
    public void One_faults_share_changes_nothing_else() => Scenarios.Sample(s =>
    {
        var (with, without) = (FleetPlanner.Of(s with { FullDiskShare = 1 }), FleetPlanner.Of(s with { FullDiskShare = 0 }));
        Assert.All(with.Nodes, n => Assert.True(n.Faults.FullDisk));
        Assert.Equal(without.Describe(), (with with { Nodes = [.. with.Nodes.Select(n => n with { Faults = n.Faults with { FullDisk = false } })] }).Describe());
    });

    [Theory]
    [InlineData(1)]
    [InlineData(20261125)]
    public void Plan_holds_the_mix_of_hardware_and_faults(int seed)
    {
        var scenario = new FleetScenario { Seed = seed, Nodes = Many, CutShare = 0.3, WrongClockShare = 0.1, DeathShare = 0.5, FailedLoadShare = 0.02, RepeatShare = 1 };

        var nodes = FleetPlanner.Of(scenario).Nodes;

        Assert.All(HardwareKinds.All, k => NearShare(k.Weight / 100.0, nodes.Count(n => n.Kind == k)));
        NearShare(0.3, nodes.Count(n => n.Link.Cuts.Count > 0));
        NearShare(0.1, nodes.Count(n => Math.Abs(n.Clock.Offset.TotalDays) > 300));
        NearShare(0.5, nodes.Count(n => n.Faults.Deaths.Count > 0));
        NearShare(0.02, nodes.Count(n => n.Faults.FailsLoad));
        Assert.All(nodes, n => Assert.True(n.Faults is { RepeatsCheckIns: true, FullDisk: false, SlowDisk: 1, DiesAtPart: null }));
        Assert.Equal(Many, nodes.Select(n => n.Name).Distinct().Count());
    }

    [Fact]
    public void Weights_that_are_given_replace_the_tables()
    {
        var nodes = FleetPlanner.Of(new FleetScenario { Nodes = Many, Kinds = new Dictionary<string, int> { ["sensor"] = 1, ["kiosk"] = 3 } }).Nodes;

        NearShare(0.25, nodes.Count(n => n.Kind.Name == "sensor"));
        NearShare(0.75, nodes.Count(n => n.Kind.Name == "kiosk"));
    }

    [Fact]
    public void Cuts_and_deaths_fall_into_the_horizon() => Scenarios.Sample(s => Assert.All(FleetPlanner.Of(s).Nodes, n =>
    {
        Assert.All(n.Link.Cuts, c => Assert.True(c.From <= s.Horizon && c.To >= c.From && c.To - c.From <= s.CutMax));
        Assert.All(n.Faults.Deaths, d => Assert.InRange(d, TimeSpan.Zero, s.Horizon));
        Assert.InRange(n.Faults.Down, TimeSpan.Zero, s.DownMax);
    }));

    private static void NearShare(double expected, int count) => Assert.InRange((double)count / Many, expected - Near, expected + Near);
}
