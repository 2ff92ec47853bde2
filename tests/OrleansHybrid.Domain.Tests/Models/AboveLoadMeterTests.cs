using Microsoft.Extensions.Time.Testing;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tests.Routing;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Models;

public class AboveLoadMeterTests
{
    private static readonly AboveKey Key = new("http://central", "keyword", 1);
    private readonly FakeTimeProvider clock = new(Farm.Start);

    [Fact]
    public void Time_that_a_server_states_for_itself_is_believed()
    {
        var meter = new AboveLoadMeter(clock);
        for (var i = 0; i < 10; i++) meter.AttemptEnded(Report(roundTripMs: 90, aboveMs: 40));

        var load = meter.Read()[Key];
        Assert.Equal(10, load.Samples);
        Assert.InRange(load.MsP95, 39, 41);
    }

    [Fact]
    public void Server_that_states_none_took_the_call_less_the_links_round_trip()
    {
        var meter = new AboveLoadMeter(clock);
        meter.AttemptEnded(Report(roundTripMs: 90, aboveMs: 0));

        Assert.InRange(meter.Read()[Key].MsP95, 69, 71);
    }

    [Fact]
    public void Failed_attempts_and_the_engine_here_say_nothing_of_a_server_above()
    {
        var meter = new AboveLoadMeter(clock);
        meter.AttemptEnded(Report(90, 40) with { Failure = FailureCode.UpstreamUnavailable });
        meter.AttemptEnded(Report(90, 40) with { Candidate = Candidate(AttemptTarget.Here) });

        Assert.Empty(meter.Read());
    }

    [Fact]
    public void What_went_quiet_is_forgotten()
    {
        var meter = new AboveLoadMeter(clock);
        meter.AttemptEnded(Report(90, 40));
        clock.Advance(Limits.LatencyWindow);
        Assert.Single(meter.Read());
        clock.Advance(Limits.LatencyWindow);
        Assert.Empty(meter.Read());
    }

    [Fact]
    public void Measured_time_makes_the_next_plan()
    {
        var farm = Farm.Region();
        var meter = new AboveLoadMeter(clock);
        meter.AttemptEnded(Report(90, 40));
        var request = new PlanRequest("keyword", null, RouteParameters.None, Caller.Anonymous, 32, Limits.DeadlineMax);

        var cold = RoutePlanner.Plan(request, farm.Snapshot(), Farm.Start).Verdict(Zone.Cloud);
        var warm = RoutePlanner.Plan(request, SnapshotBuilder.Build(farm.Inputs() with { Above = meter.Read() }), Farm.Start).Verdict(Zone.Cloud);

        Assert.Equal((32, false), (cold.PredictedMs, cold.Measured));
        Assert.True(warm.Measured);
        Assert.InRange(warm.PredictedMs, 59, 61);
    }

    private static AttemptReport Report(double roundTripMs, double aboveMs) => new(
        RoutePlanner.Plan(new PlanRequest("keyword", null, RouteParameters.None, Caller.Anonymous, 32, Limits.DeadlineMax), Farm.Region().Snapshot(), Farm.Start),
        Candidate(AttemptTarget.Upstream), new VariantKey("keyword", 1, "stated"), default, TimeSpan.FromMilliseconds(roundTripMs), TimeSpan.FromMilliseconds(aboveMs), null, false);

    private static Candidate Candidate(AttemptTarget target) => new(
        target, Zone.Cloud, "central", "", Key.Address, new VariantKey("keyword", 1, "large"), 0, 12, 25, false, 0, 0, RuleCode.None, default,
        new Provenance(Zone.Cloud, "central", "", "keyword", 1, "", "", 1)) { RoundTripMs = 20 };
}
