using System.Diagnostics;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Routing;

public class RequestRunnerTests
{
    private const string Parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    [Fact]
    public void Observer_hears_every_attempt_and_one_end()
    {
        var zone = Escalating();
        var result = zone.Infer(Request(zone));

        Assert.True(result.Response!.Escalated);
        Assert.Equal([AttemptTarget.Here, AttemptTarget.Upstream], zone.Attempts.Select(a => a.Target));
        Assert.Equal([true, false], zone.Attempts.Select(a => a.Unsure));
        Assert.Equal(["tiny", "stated"], zone.Attempts.Select(a => a.Variant.Variant));
        Assert.All(zone.Attempts, a => Assert.Equal(32, a.InputBytes));
        Assert.Equal(1, zone.Ended);
    }

    [Fact]
    public void Times_say_where_the_time_went()
    {
        var zone = Escalating();
        var times = zone.Infer(Request(zone)).Response!.Times;

        Assert.Equal((2, 10, 10), (times.Here.TotalMilliseconds, times.Link.TotalMilliseconds, times.Above.TotalMilliseconds));
    }

    [Fact]
    public void Provenance_names_what_answered_here()
    {
        var zone = new FakeZone(Farm.Region().Snapshot());
        zone.Scripts["here"] = new Script(0.9, null, 1);

        Assert.Equal(new Provenance(Zone.Edge, "eu-west", "n1", "keyword", 1, "tiny", "sha256:tiny", 1), zone.Infer(Request(zone)).Response!.Provenance);
    }

    [Fact]
    public void Spans_tell_the_way_and_carry_the_cell_and_the_callers_trace()
    {
        var spans = new List<Activity>();
        var trace = ActivityTraceId.CreateRandom();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RoutingActivity.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span => { if (span.TraceId == trace) spans.Add(span); },
        };
        ActivitySource.AddActivityListener(listener);
        var zone = Escalating();
        var request = Request(zone);
        zone.Infer(request with { Caller = request.Caller with { TraceParent = Parent.Replace("4bf92f3577b34da6a3ce929d0e0e4736", trace.ToHexString(), StringComparison.Ordinal) } });

        Assert.Equal(["run", "upstream", "route"], spans.Select(s => s.OperationName));
        Assert.All(spans, s => Assert.Equal("eu-west", s.GetTagItem("cell")));
        Assert.Equal("00f067aa0ba902b7", spans[2].ParentSpanId.ToHexString());
        Assert.All(spans.Take(2), s => Assert.Equal(spans[2].SpanId, s.ParentSpanId));
    }

    [Fact]
    public void Link_that_is_gone_counts_as_a_failure_above()
    {
        var farm = Farm.Region();
        var zone = new FakeZone(farm.Snapshot()) { LinksGone = true };
        zone.Scripts["here"] = new Script(0.4, null, 1);
        var answer = zone.Infer(Request(zone)).Response!;

        Assert.Equal((Zone.Edge, true, false), (answer.Provenance.Zone, answer.Degraded, answer.Escalated));
    }

    [Fact]
    public void Bug_in_a_port_is_thrown_on_and_nothing_in_hand_is_lost()
    {
        var zone = Escalating();
        zone.Scripts.Remove("central");
        var request = Request(zone);

        Assert.Throws<KeyNotFoundException>(() => zone.Infer(request));
        request.Inputs[0].Data.Release();
        Assert.Equal(0, zone.LeasedInTheEnd());
    }

    [Fact]
    public void Request_whose_version_left_before_its_run_is_planned_once_more_and_ends_once()
    {
        var zone = Swapping(out var after);
        zone.Newest = () =>
        {
            zone.Scripts["here"] = new Script(0.9, null, 1);
            return after;
        };

        var answer = zone.Infer(Request(zone)).Response!;

        Assert.Equal((2, 1), (answer.Provenance.Version, zone.Ended));
        Assert.Equal([1, 2], zone.Attempts.Select(a => a.Variant.ModelVersion.Version));
    }

    [Fact]
    public void Request_that_finds_nothing_twice_fails_and_is_not_planned_again()
    {
        var zone = Swapping(out var after);
        zone.Newest = () => after;

        Assert.Equal(FailureCode.ModelNotReady, zone.Infer(Request(zone)).Failure!.Code);
        Assert.Equal((2, 1), (zone.Attempts.Count, zone.Ended));
    }

    [Fact]
    public void Request_fails_where_nothing_changed_meanwhile()
    {
        var zone = Swapping(out _);
        zone.Newest = () => zone.Snapshot;

        Assert.Equal(FailureCode.ModelNotReady, zone.Infer(Request(zone)).Failure!.Code);
        Assert.Single(zone.Attempts);
    }

    [Fact]
    public void Decision_allocates_the_plan_alone()
    {
        var snapshot = Farm.Region().Snapshot();
        var request = new PlanRequest("keyword", null, RouteParameters.None, Caller.Anonymous, 32, Limits.DeadlineMax);
        for (var i = 0; i < 200; i++) PlanRenderer.Reason(RoutePlanner.Plan(request, snapshot, Farm.Start));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) PlanRenderer.Reason(RoutePlanner.Plan(request, snapshot, Farm.Start));

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1000, 1, 480);
    }

    [Theory]
    [InlineData(FailureCode.BadInput, AttemptTarget.Here, AttemptOutcome.FailedForGood)]
    [InlineData(FailureCode.BadInput, AttemptTarget.Peer, AttemptOutcome.FailedForGood)]
    [InlineData(FailureCode.BadInput, AttemptTarget.Upstream, AttemptOutcome.Failed)]
    [InlineData(FailureCode.PrivacyRefused, AttemptTarget.Upstream, AttemptOutcome.FailedForGood)]
    [InlineData(FailureCode.TooLarge, AttemptTarget.Here, AttemptOutcome.FailedForGood)]
    [InlineData(FailureCode.TooLarge, AttemptTarget.Upstream, AttemptOutcome.Failed)]
    [InlineData(FailureCode.Unauthenticated, AttemptTarget.Upstream, AttemptOutcome.Failed)]
    [InlineData(FailureCode.Overloaded, AttemptTarget.Here, AttemptOutcome.Failed)]
    [InlineData(FailureCode.ModelFailed, AttemptTarget.Here, AttemptOutcome.Failed)]
    [InlineData(FailureCode.UpstreamRejected, AttemptTarget.Upstream, AttemptOutcome.Failed)]
    public void Failure_is_tried_elsewhere_only_where_that_can_help(FailureCode code, AttemptTarget target, AttemptOutcome expected) =>
        Assert.Equal(expected, AttemptRules.Classify(code, target));

    [Fact]
    public void Snapshot_of_a_broken_version_still_serves_the_others()
    {
        var farm = Farm.Region();
        farm.AddVersion("keyword", 2, default, null, [], [], VersionState.Unavailable, broken: true);
        var plan = RoutePlanner.Plan(new PlanRequest("keyword", null, RouteParameters.None, Caller.Anonymous, 1, Limits.DeadlineMax), farm.Snapshot(), Farm.Start);

        Assert.Equal(1, plan.Version);
    }

    /// <summary>Alone, with version 1, which the engine has no more; version 2 is there afterwards.</summary>
    private static FakeZone Swapping(out ZoneSnapshot after)
    {
        var zone = new FakeZone(Alone(1).Snapshot());
        zone.Scripts["here"] = new Script(0, FailureCode.ModelNotReady, 1);
        after = Alone(2).Snapshot();
        return zone;
    }

    private static Farm Alone(int version)
    {
        var farm = new Farm();
        farm.AddVersion("keyword", version, PrivacyCeiling.Any, null, [Farm.Variant("tiny", 1, Zone.Device, Zone.Edge)], ["tiny"]);
        return farm;
    }

    private static FakeZone Escalating()
    {
        var zone = new FakeZone(Farm.Region().Snapshot());
        zone.Scripts["here"] = new Script(0.4, null, 2);
        zone.Scripts["central"] = new Script(0.9, null, 20);
        return zone;
    }

    private static InferenceRequest Request(FakeZone zone) => new("r1", "keyword", null, [zone.Input(32)], [], RouteParameters.None, Caller.Anonymous, null);
}
