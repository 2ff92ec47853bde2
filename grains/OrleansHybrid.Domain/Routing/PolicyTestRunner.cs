using System.Globalization;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Plans each case on a farm that exists on paper and compares the plan with what the case expects. Pure: the planner is the router's own.</summary>
public static class PolicyTestRunner
{
    /// <param name="measured">Loads that were measured; a variant that is missing has its manifest's declared latency.</param>
    public static IReadOnlyList<PolicyTestResult> Run(
        CompiledPolicy policy, PolicyTestConfig tests, IReadOnlyList<ModelManifest> manifests, IReadOnlyDictionary<VariantKey, VariantLoad>? measured = null) =>
        [.. tests.Tests.Select(test => new PolicyTestResult(test.Name, Judge(test, Plan(policy, tests.Farm, test.Given, manifests, measured))))];

    private static RoutePlan? Plan(
        CompiledPolicy policy, PolicyTestFarm farm, PolicyTestGiven given, IReadOnlyList<ModelManifest> manifests, IReadOnlyDictionary<VariantKey, VariantLoad>? measured)
    {
        var trial = new TrialFarm(given.ArrivedIn, policy, manifests, farm.LinksFrom(given.ArrivedIn), measured ?? new Dictionary<VariantKey, VariantLoad>(0))
        {
            MemoryBytes = (long)(farm.MemoryMib * (1 << 20)),
        };
        var signals = given.Hard > 0 ? new Dictionary<string, double> { ["hard"] = given.Hard } : new Dictionary<string, double>(0);
        var caller = new Caller(given.Tenant, [], false, null);
        var asked = new ExplainRequest(given.Model, given.Version, given.Parameters, caller, given.InputBytes ?? OneRow(given, manifests), signals, given.Assume);
        if (Assumptions.Read(asked, out var assumed) is not null) return null;
        var now = DateTimeOffset.UnixEpoch;
        var snapshot = SnapshotBuilder.Build(trial.Inputs(now), assumed);
        return RoutePlanner.Plan(new PlanRequest(asked, assumed.Signals with { Quota = new QuotaState(MoneyLeftMicrousd: given.MoneyLeftMicrousd) }), snapshot, now);
    }

    /// <summary>Bytes of one row: free dimensions count once, text not at all.</summary>
    private static long OneRow(PolicyTestGiven given, IReadOnlyList<ModelManifest> manifests)
    {
        var versions = manifests.Where(m => m.Model == given.Model);
        var manifest = given.Version is { } version ? versions.FirstOrDefault(m => m.Version == version) : versions.MaxBy(m => m.Version);
        return manifest?.Inputs.Sum(i => i.DataType.ElementBytes() * i.Shape.Dims.ToArray().Aggregate(1L, (n, d) => n * Math.Max(d, 1))) ?? 0;
    }

    private static PolicyTestFailure[] Judge(PolicyTestCase test, RoutePlan? plan)
    {
        var expect = test.Expect;
        if (plan is null) return [new("given.assume", "an assumption that the planner knows", "another", "Use a zone with down, slow or up, or battery_percent.")];
        var check = new PlanCheck(plan);
        check.Equal("refused", expect.Refused is { } refused ? refused ? "true" : "false" : null, plan.Refusal is null ? "false" : "true");
        check.Equal("zone", expect.Zone, check.First?.WireName() ?? PolicyTestExpect.Nowhere);
        check.Equal("rule", expect.Rule, check.First is { } zone ? check.RuleOf(zone) : PolicyTestExpect.Nowhere);
        foreach (var (name, rule) in expect.Excluded) check.Excluded(name, rule);
        check.Equal("escalates_to", expect.EscalatesTo, check.EscalatesTo?.WireName() ?? PolicyTestExpect.Nowhere);
        check.Equal("privacy", expect.Privacy, plan.Settings.Ceiling.WireName());
        check.AtMost("cost_at_most_microusd", expect.CostAtMostMicrousd, check.CostMicrousd);
        check.AtMost("latency_at_most_ms", expect.LatencyAtMostMs, check.LatencyMs);
        return [.. check.Failures];
    }

    /// <summary>What one plan says, and how it differs from what was expected.</summary>
    private sealed class PlanCheck(RoutePlan plan)
    {
        public List<PolicyTestFailure> Failures { get; } = [];

        public Zone? First => plan.AttemptCount > 0 ? plan.Attempt(0).Candidate.Zone : null;

        public Zone? EscalatesTo => Attempts.Where(a => a.When == AttemptWhen.Unsure).Select(a => (Zone?)a.Candidate.Zone).FirstOrDefault();

        public double CostMicrousd => First is { } first ? Attempts.Where(a => a.When == AttemptWhen.Unsure).Sum(a => Verdict(a.Candidate.Zone).PredictedCostMicrousd) + Verdict(first).PredictedCostMicrousd : double.NaN;

        public double LatencyMs => First is { } first ? Verdict(first).PredictedMs : double.NaN;

        private IEnumerable<PlannedAttempt> Attempts => Enumerable.Range(0, plan.AttemptCount).Select(plan.Attempt);

        public string RuleOf(Zone zone) => plan.Snapshot.Inputs.Policy.IdOf(Verdict(zone).Rule);

        public void Equal(string expectation, string? expected, string came)
        {
            if (expected is not null && expected != came) Fail(expectation, expected, came, First);
        }

        public void Excluded(string name, string rule)
        {
            _ = Zones.TryParse(name, out var zone);
            var verdict = Verdict(zone);
            var came = verdict.Kind == ZoneVerdictKind.None ? "not judged" : verdict.Kind == ZoneVerdictKind.Excluded ? RuleOf(zone) : verdict.Kind.WireName();
            if (rule != came) Fail($"excluded.{name}", rule, came, zone);
        }

        public void AtMost(string expectation, double? most, double came)
        {
            if (most is { } bound && !(came <= bound)) Fail(expectation, string.Create(CultureInfo.InvariantCulture, $"at most {bound}"), double.IsNaN(came) ? "no prediction" : came.ToString("0.###", CultureInfo.InvariantCulture), First);
        }

        private ZoneVerdict Verdict(Zone zone) => plan.Verdict(zone);

        private void Fail(string expectation, string expected, string came, Zone? about) =>
            Failures.Add(new PolicyTestFailure(expectation, expected, came, plan.Refusal is not null ? RefusalRules.Describe(plan).Message : Sentence(about)));

        private string Sentence(Zone? zone) =>
            zone is { } judged && Verdict(judged) is { Kind: not ZoneVerdictKind.None } verdict
                ? $"{judged.WireName()} is {verdict.Kind.WireName()} by {RuleOf(judged)}: {PlanSentences.Of(plan, judged, verdict)}"
                : PlanRenderer.Reason(plan);
    }
}
