using Xunit;
using CsCheck;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Domain.Tests.Routing;

/// <summary>What holds for every plan, over generated requests, policies and zone states.</summary>
public class RoutePlannerProperties
{
    private const int Cases = 4000;

    [Fact]
    public void Ceiling_is_what_an_oracle_says() => ForEach(farm => Assert.Equal(Oracle.Ceiling(farm), Plan(farm).Settings.Ceiling));

    [Fact]
    public void Plan_has_no_attempt_above_the_ceiling() => ForEach(farm =>
    {
        var ceiling = Oracle.Ceiling(farm);
        var plan = Plan(farm);
        Assert.All(Attempts(plan), attempt => Assert.True(ceiling.Permits(attempt.Candidate.Zone)));
        if (!ceiling.Permits(farm.Farm.Zone)) Assert.Equal(0, plan.AttemptCount);
    });

    [Fact]
    public void Plan_has_no_attempt_that_the_mode_forbids() => ForEach(farm =>
    {
        var mode = Oracle.Mode(farm);
        Assert.All(Attempts(Plan(farm)), attempt => Assert.True(Oracle.ModeLets(mode, attempt.Candidate.Zone)));
    });

    [Fact]
    public void Plan_goes_to_no_cell_that_was_passed() => ForEach(farm =>
    {
        var hops = farm.Request.Caller.Hops;
        foreach (var attempt in Attempts(Plan(farm)))
        {
            var fromPeer = hops.Count > 0 && hops[^1] == farm.Farm.Cell && hops.Count(h => h == farm.Farm.Cell) == 1;
            var here = attempt.Candidate.Target == AttemptTarget.Here && fromPeer;
            Assert.True(here || !hops.Contains(attempt.Candidate.Cell), $"{attempt.Candidate.Cell} was passed");
            if (attempt.Candidate.Target == AttemptTarget.Upstream) Assert.NotEqual(farm.Farm.Cell, attempt.Candidate.Cell);
            if (attempt.Candidate.Target != AttemptTarget.Here) Assert.True(hops.Count < Limits.HopsMax);
        }
    });

    [Fact]
    public void Plan_answers_here_what_ceiling_and_mode_allow_when_nothing_above_can_be_reached() => ForEach(farm =>
    {
        var state = farm.Farm;
        var request = farm.PlanRequest with { Caller = farm.Request.Caller with { Hops = [] }, Parameters = farm.Request.Parameters with { MaxCostMicrousd = null } };
        var limited = state.Policy.Defaults.MaxCostMicrousd ?? state.Policy.Rules.Min(r => r.Set?.MaxCostMicrousd);
        if (limited is not null || state.Draining || state.Quotas.ContainsKey(request.Caller.Tenant) || farm.ShedsItsTenant || Oracle.Entry(farm) is not { Loaded.Count: > 0 }) return;
        if (!Oracle.Ceiling(farm).Permits(state.Zone) || !Oracle.ModeLets(Oracle.Mode(farm), state.Zone)) return;
        var plan = RoutePlanner.Plan(request, SnapshotBuilder.Build(farm.WithoutAbove()), Farm.Start);
        Assert.Contains(Attempts(plan), attempt => attempt.Candidate.Target == AttemptTarget.Here);
        Assert.DoesNotContain(Attempts(plan), attempt => attempt.Candidate.Target == AttemptTarget.Upstream);
    });

    [Fact]
    public void Plan_either_has_one_first_attempt_or_says_why_there_is_none() => ForEach(farm =>
    {
        var plan = Plan(farm);
        var attempts = Attempts(plan).ToArray();
        Assert.Equal(attempts.Length == 0 ? 0 : 1, attempts.Count(a => a.When == AttemptWhen.First));
        Assert.Equal(attempts.Length == 0, plan.Refusal is not null);
        Assert.True(attempts.Length == 0 || attempts[0].When == AttemptWhen.First);
        Assert.DoesNotContain(attempts, a => a.Rule.IsNone);
        if (plan.Refusal is not null) Assert.NotEmpty(RefusalText(plan));
        if (plan.Version == 0) return;
        for (var zone = farm.Farm.Zone; zone <= Zone.Cloud; zone++) Assert.False(plan.Verdict(zone).Rule.IsNone);
    });

    [Fact]
    public void Plan_of_a_tenant_that_is_shed_has_no_attempt_and_one_that_sheds_escalation_never_asks_again() => ForEach(farm =>
    {
        var plan = Plan(farm);
        if (farm.ShedsItsTenant) Assert.Equal(0, plan.AttemptCount);
        if (farm.Farm.Pressure >= 3) Assert.DoesNotContain(Attempts(plan), a => a.When == AttemptWhen.Unsure);
        if (farm.Farm.Pressure == 0) Assert.Equal(ShedKinds.None, plan.Shed);
    });

    [Fact]
    public void Plan_never_escalates_without_a_floor_or_downwards() => ForEach(farm =>
    {
        var plan = Plan(farm);
        var unsure = Attempts(plan).Where(a => a.When == AttemptWhen.Unsure).ToArray();
        if (plan.Settings.Floor == 0) Assert.Empty(unsure);
        Assert.All(unsure, a => Assert.True(a.Candidate.Zone > plan.Attempt(0).Candidate.Zone));
    });

    [Fact]
    public void Plan_is_the_same_each_time() => ForEach(farm =>
    {
        var (one, other) = (Plan(farm), Plan(farm));
        Assert.Equal(PlanRenderer.Reason(one), PlanRenderer.Reason(other));
        Assert.Equal(PlanRenderer.Json(one), PlanRenderer.Json(other));
    });

    private static void ForEach(Action<GeneratedFarm> check) => Gen.Int.Sample(seed => check(new GeneratedFarm(seed)), iter: Cases);

    private static RoutePlan Plan(GeneratedFarm farm) => RoutePlanner.Plan(farm.PlanRequest, farm.Farm.Snapshot(), Farm.Start);

    private static IEnumerable<PlannedAttempt> Attempts(RoutePlan plan) => Enumerable.Range(0, plan.AttemptCount).Select(plan.Attempt);

    private static string RefusalText(RoutePlan plan) => PlanRenderer.Refusal(plan).Message;
}
