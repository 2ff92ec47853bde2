using CsCheck;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Routing;

/// <summary>A request explained, run and replayed with the same signals and snapshot gives the same plan, over generated farms, policies, requests and signals.</summary>
public class DecisionReplayProperties
{
    private const int RunCases = 1000;
    private const int PlanCases = 4000;

    [Fact]
    public void Explained_run_and_replayed_plans_are_one() => Gen.Int.Sample(seed =>
    {
        var farm = new GeneratedFarm(seed);
        var zone = Zone(farm);
        var request = Request(farm, seed) with { Inputs = [zone.Input(farm.Bytes)], Timeout = null, Parameters = farm.Request.Parameters with { Explain = true } };
        TensorSpec[] specs = [.. request.Inputs.Select(i => new TensorSpec(i.Name, i.DataType, i.Shape))];
        var explained = zone.Runner.Explain(new ExplainRequest(request.Model, request.Version, request.Parameters, request.Caller, farm.Bytes, new Dictionary<string, double>(), new Dictionary<string, string>(), specs), zone.Snapshot);
        var result = zone.Infer(request);

        var followed = Assert.Single(zone.Plans);
        var sameSignals = followed.Signals.HardFrom == HardSource.None; // An explanation has no input to ask the classifier about.
        if (followed.Version != 0 && sameSignals) Assert.Equal(explained.PlanJson, PlanRenderer.Json(followed, specs));
        if (result.Response is { } answer && sameSignals) Assert.Equal((followed.Shed & ShedKinds.Explain) == 0 ? explained.PlanJson : null, answer.Plan);
        Assert.Equal(Kept(farm, request, followed), zone.Decisions.Count == 1);
        if (zone.Decisions.Count == 1) CheckReplay(farm, RoundTrip(zone.Decisions[0]), followed);
        Release(request, result);
    }, iter: RunCases, threads: 1);

    [Fact]
    public void Plans_made_from_any_signals_are_the_same_when_replayed() => Gen.Int.Sample(seed =>
    {
        var farm = new GeneratedFarm(seed);
        var request = Request(farm, seed);
        var plan = RoutePlanner.Plan(farm.PlanRequest with { Version = request.Version, Signals = farm.Signals }, farm.Farm.Snapshot(), Farm.Start.AddTicks(seed & 0xffffff));
        CheckReplay(farm, RoundTrip(Record(request, plan)), plan);
    }, iter: PlanCases);

    [Fact]
    public void Private_tags_leave_neither_name_nor_value() => Gen.Int.Sample(seed =>
    {
        var farm = new GeneratedFarm(seed);
        var request = farm.Request with { Parameters = farm.Request.Parameters with { Tags = new Dictionary<string, string> { ["patient"] = "secret-7731", ["room"] = "kitchen" } } };
        var plan = RoutePlanner.Plan(new PlanRequest(request), farm.Farm.Snapshot(), Farm.Start);
        var text = System.Text.Encoding.UTF8.GetString(RecordJson.Write(Record(request, plan)));
        Assert.DoesNotContain("secret-7731", text, StringComparison.Ordinal);
        Assert.DoesNotContain("patient", text, StringComparison.Ordinal);
        Assert.Contains(plan.Version == 0 ? "\"withheld_tags\":2" : "\"withheld_tags\":1", text, StringComparison.Ordinal);
    }, iter: PlanCases);

    [Fact]
    public void Replay_under_the_policy_of_then_finds_nothing_changed() => Gen.Int.Sample(seed =>
    {
        var farm = new GeneratedFarm(seed);
        var zone = Zone(farm);
        var request = Request(farm, seed) with { Inputs = [zone.Input(farm.Bytes)], Timeout = null };
        Release(request, zone.Infer(request));
        var records = zone.Decisions.Select(RoundTrip).ToArray();
        var report = DecisionReplay.Run(records, zone.Snapshot.Inputs.Policy, farm.Farm.Catalogue(), 10);
        Assert.Equal(records.Length, report.Replayed + report.NotReplayed.Values.Sum());
        if (report.Replayed == 0) return;
        var changes = report.Examples.SelectMany(e => e.What).ToArray();
        // What was planned is the same; where it ends can differ only when a call took longer than was predicted, which no replay knows.
        Assert.DoesNotContain(changes, c => c is "ceiling_laxer" or "ceiling_stricter" or "reason" or "refusal_new" or "refusal_gone");
    }, iter: RunCases, threads: 1);

    private static void CheckReplay(GeneratedFarm farm, DecisionRecord record, RoutePlan plan)
    {
        var (replayed, why) = DecisionReplay.Plan(record, farm.Farm.Inputs().Policy, farm.Farm.Catalogue());
        if (replayed is null)
        {
            Assert.Equal(NotReplayed.WithheldTags, why);
            Assert.True(record.Ask.WithheldTags > 0 && farm.Farm.Policy.Rules.Any(r => r.When.Tags?.Keys.Except(record.Ask.Tags.Keys).Any() ?? false));
            return;
        }

        Assert.Equal(PlanRenderer.Reason(plan), PlanRenderer.Reason(replayed));
        Assert.Equal(plan.Refusal, replayed.Refusal);
        Assert.Equal((plan.Degraded, plan.EscalationLost, plan.Version), (replayed.Degraded, replayed.EscalationLost, replayed.Version));
        Assert.Equal(plan.Settings, replayed.Settings);
        if (plan.Version != 0) Assert.Equal(PlanRenderer.Json(plan), PlanRenderer.Json(replayed));
        for (var zone = farm.Farm.Zone; zone <= Domain.Zone.Cloud; zone++) Assert.Equal(plan.Verdict(zone), replayed.Verdict(zone));
        for (var i = 0; i < plan.AttemptCount; i++) Assert.Equal((plan.Attempt(i).Rule, plan.Attempt(i).When, plan.Attempt(i).Candidate.PredictedMs), (replayed.Attempt(i).Rule, replayed.Attempt(i).When, replayed.Attempt(i).Candidate.PredictedMs));
    }

    private static DecisionRecord Record(InferenceRequest request, RoutePlan plan)
    {
        var report = new RequestReport(request, plan, InferenceResult.Of(new InferenceFailure(FailureCode.Cancelled, "")), 0, default, default);
        return DecisionRules.Record(report, DecisionKept.First, 1);
    }

    private static DecisionRecord RoundTrip(DecisionRecord record)
    {
        var json = RecordJson.Write(record);
        Assert.InRange(json.Length, 1, Limits.RecordBytesMax);
        var read = RecordJson.TryRead<DecisionRecord>(json);
        Assert.NotNull(read);
        Assert.Equal(json, RecordJson.Write(read));
        return read;
    }

    private static InferenceRequest Request(GeneratedFarm farm, int seed) =>
        farm.Request with { Version = Math.Abs(seed % 13) switch { 0 => 2, 1 or 2 => 1, _ => null } };

    private static bool Kept(GeneratedFarm farm, InferenceRequest request, RoutePlan plan) =>
        (request.Parameters.Privacy ?? PrivacyCeiling.Any).Permits(farm.Farm.Zone) && (plan.Version == 0 || plan.Settings.Ceiling.Permits(farm.Farm.Zone));

    private static FakeZone Zone(GeneratedFarm farm)
    {
        var zone = new FakeZone(farm.Farm.Snapshot()) { Quotas = farm.Farm.Quotas };
        zone.Scripts["here"] = farm.Script();
        zone.Scripts["classifier"] = farm.Script();
        foreach (var link in farm.Farm.Upstreams) zone.Scripts[link.Name] = farm.Script();
        foreach (var peer in farm.Farm.Peers) zone.Scripts[peer.Key.Node] = farm.Script();
        return zone;
    }

    private static void Release(InferenceRequest request, InferenceResult result)
    {
        foreach (var tensor in request.Inputs.Concat(result.Response?.Outputs ?? [])) tensor.Data.Release();
    }
}
