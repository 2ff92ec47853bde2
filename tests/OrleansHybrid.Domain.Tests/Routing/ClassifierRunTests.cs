using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Routing;

/// <summary>What the runner says of a classifier, beside where the request goes, which the scenarios tell.</summary>
public class ClassifierRunTests
{
    private const double Threshold = 0.8;

    [Fact]
    public void Observer_hears_the_verdict_before_the_attempts()
    {
        var zone = Asking(new Script(0.9, null, 3));
        zone.Infer(Request(zone));

        var heard = Assert.Single(zone.Verdicts);
        Assert.Equal((0.9, true, TimeSpan.FromMilliseconds(3), null), (Math.Round(heard.Verdict!.Value, 3), heard.Signals.IsHard, heard.Took, heard.Failure));
        Assert.Equal("keyword@1/classifier", heard.Classifier.ToString());
        Assert.Equal(AttemptTarget.Upstream, Assert.Single(zone.Attempts).Target);
    }

    [Theory]
    [InlineData(FailureCode.ModelFailed, 1, false, FailureCode.ModelFailed)]
    [InlineData(FailureCode.Overloaded, 1, false, FailureCode.Overloaded)]
    [InlineData(null, 500, false, FailureCode.DeadlineExceeded)]
    [InlineData(null, 500, true, FailureCode.DeadlineExceeded)]
    public void Observer_hears_why_there_is_no_verdict(FailureCode? fails, int afterMs, bool deaf, FailureCode heard)
    {
        var zone = Asking(new Script(0.9, fails, afterMs, deaf));
        var result = zone.Infer(Request(zone));

        Assert.Equal((null, HardSource.None, heard), (zone.Verdicts[0].Verdict, zone.Verdicts[0].Signals.HardFrom, zone.Verdicts[0].Failure));
        Assert.InRange(zone.Verdicts[0].Took, TimeSpan.Zero, Limits.ClassifierTimeMax);
        Assert.Equal(Zone.Edge, result.Response!.Provenance.Zone);
    }

    [Fact]
    public void Caller_that_goes_away_while_the_classifier_runs_is_answered_at_once()
    {
        var zone = Asking(new Script(0.9, null, 500, Deaf: true));
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(5), zone.Clock);
        var request = Request(zone);
        var result = zone.Infer(request, cancel.Token);

        Assert.Equal((FailureCode.Cancelled, 5), (result.Failure!.Code, (zone.Clock.GetUtcNow() - Farm.Start).TotalMilliseconds));
        request.Inputs[0].Data.Release();
        Assert.Equal(0, zone.LeasedInTheEnd());
    }

    [Fact]
    public void Verdict_is_in_the_explained_answer()
    {
        var zone = Asking(new Script(0.9, null, 1));
        var plan = zone.Infer(Request(zone) with { Parameters = RouteParameters.None with { Explain = true } }).Response!.Plan;

        Assert.Contains("\"hard\":0.75,\"hard_from\":\"classifier\"", plan);
        Assert.DoesNotContain("no verdict", plan);
    }

    [Fact]
    public void Time_of_the_classifier_is_time_of_routing()
    {
        var zone = Asking(new Script(0.1, null, 3));

        Assert.Equal(TimeSpan.FromMilliseconds(3), zone.Infer(Request(zone)).Response!.Times.Route);
    }

    [Fact]
    public void Classifier_that_a_peer_lists_is_no_place_to_answer()
    {
        var farm = Region(loaded: false);
        farm.Peers.Add(new NodeReport(new NodeKey("eu-west", "n2"), NodeKind.Silo, Zone.Edge, 1, 1, "http://n2", [Listed("classifier"), Listed("tiny")], 0, 2));
        var plan = RoutePlanner.Plan(new PlanRequest("keyword", null, RouteParameters.None, Caller.Anonymous, 1, Limits.DeadlineMax), farm.Snapshot(), Farm.Start);

        Assert.Equal("tiny", plan.Attempt(0).Candidate.Variant.Variant);
    }

    [Fact]
    public void Deciding_whether_to_ask_allocates_nothing()
    {
        var plan = RoutePlanner.Plan(new PlanRequest("keyword", null, RouteParameters.None, Caller.Anonymous, 32, Limits.DeadlineMax), Region().Snapshot(), Farm.Start);
        Assert.True(ClassifierRules.IsWorthwhile(plan));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) ClassifierRules.IsWorthwhile(plan);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Farm Region(bool loaded = true)
    {
        var farm = new Farm();
        farm.AddVersion(
            "keyword", 1, PrivacyCeiling.Any, 0.7, [Farm.Variant("tiny", 1, Zone.Device, Zone.Edge), Farm.Variant("large", 12, Zone.Cloud)], loaded ? ["tiny"] : [],
            classifier: Threshold, classifierLoaded: loaded);
        farm.AddUpstream("central", Zone.Cloud, LinkHealth.Up, 20, TimeSpan.FromMinutes(1));
        return farm;
    }

    /// <summary>The sample farm's region, with a classifier: the variant here is sure of everything.</summary>
    private static FakeZone Asking(Script classifier)
    {
        var zone = new FakeZone(Region().Snapshot());
        zone.Scripts["classifier"] = classifier;
        zone.Scripts["here"] = new Script(0.9, null, 2);
        zone.Scripts["central"] = new Script(0.95, null, 20);
        return zone;
    }

    private static NodeVariant Listed(string variant) => new(new VariantKey("keyword", 1, variant), "sha256:" + variant, 0, 1, 0);

    private static InferenceRequest Request(FakeZone zone) => new("r1", "keyword", null, [zone.Input(32)], [], RouteParameters.None, Caller.Anonymous, null);
}
