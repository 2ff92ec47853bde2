using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Makes records of decisions. Pure.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>A request whose ceiling is below this zone leaves no record: nothing of it is kept here.</item>
/// <item>A tag that the policy calls private leaves neither name nor value, only a count. Without a version no ceiling is known, so all tags are left out.</item>
/// <item>Labels and tensors are never read.</item>
/// </list>
/// </remarks>
public static class DecisionRules
{
    public static bool MayBeKept(in RequestReport report)
    {
        var zone = report.Plan.Snapshot.Inputs.Zone;
        if (report.Request.Parameters.Privacy is { } asked && !asked.Permits(zone)) return false;
        return report.Plan.Chosen is null || report.Plan.Settings.Ceiling.Permits(zone);
    }

    /// <summary>Why the decision is worth keeping by itself; null for one like any other.</summary>
    public static DecisionKept? Notable(in RequestReport report)
    {
        if (report.Result.Failure is not null) return report.Plan.Refusal is null ? DecisionKept.Failed : DecisionKept.Refused;
        if (report.Result.Response is not { Degraded: true }) return null;
        for (var end = report.Run?.Last; end is not null; end = end.Before)
        {
            if (end.Attempt.When == AttemptWhen.Unsure && end.Failure is not null) return DecisionKept.EscalationFailed;
        }

        return report.Plan.EscalationLost ? DecisionKept.EscalationFailed : DecisionKept.Fallback;
    }

    /// <summary>What a record counts for and why it is kept; the weight 0 when it is not. Costs an unsampled request a look-up.</summary>
    public static (DecisionKept Kept, double Weight) Choose(in RequestReport report, DecisionSampler sampler)
    {
        if (!MayBeKept(report)) return default;
        var notable = Notable(report);
        // Names of models that callers invent share one count.
        var model = report.Plan.Chosen is null ? "" : report.Request.Model;
        var weight = sampler.WeightOf(model, report.Request.Id, notable is not null, report.Plan.At);
        return (notable ?? (weight > 1 ? DecisionKept.Sampled : DecisionKept.First), weight);
    }

    public static DecisionRecord Record(in RequestReport report, DecisionKept kept, double weight) => new(
        report.Plan.At,
        report.Request.Id,
        kept,
        weight,
        Ask(report.Plan),
        DecisionSnapshot.Facts(report.Plan),
        Plan(report.Plan, report.Run),
        Outcome(report));

    private static DecisionAsk Ask(RoutePlan plan)
    {
        ref readonly var request = ref plan.Request;
        var (asked, caller, signals) = (request.Parameters, request.Caller, request.Signals);
        var tags = PublicTags(plan);
        return new DecisionAsk(
            request.Model, caller.Tenant, request.InputBytes, request.Deadline.TotalMilliseconds,
            tags, asked.Tags.Count - tags.Count, caller.Hops, caller.TrustedHop,
            new DecisionSignals(signals.Hard, signals.HardFrom, signals.Quota.OverRate, signals.Quota.RetryAfter.TotalMilliseconds, signals.Quota.MoneyLeftMicrousd),
            request.Version, asked.Mode, asked.Privacy, asked.LatencyTargetMs, asked.MaxCostMicrousd, asked.ConfidenceFloor, asked.Explain);
    }

    private static IReadOnlyDictionary<string, string> PublicTags(RoutePlan plan)
    {
        var tags = plan.Request.Parameters.Tags;
        if (tags.Count == 0) return tags;
        if (plan.Chosen is null) return RouteParameters.NoTags;
        var hidden = plan.Snapshot.Inputs.Policy.PrivateTags;
        return hidden.Any(tags.ContainsKey) ? tags.Where(tag => !hidden.Contains(tag.Key)).ToDictionary() : tags;
    }

    private static DecisionPlan Plan(RoutePlan plan, RequestRun? run)
    {
        ref readonly var settings = ref plan.Settings;
        return new DecisionPlan(
            plan.Version, settings.Ceiling, settings.Mode, settings.Objective, settings.Floor, PlanRenderer.Reason(plan), plan.Degraded, plan.EscalationLost,
            Attempts(plan, run), settings.CeilingRule.IsNone ? null : plan.Snapshot.Inputs.Policy.IdOf(settings.CeilingRule),
            Finite(settings.LatencyTargetMs), Finite(settings.MaxCostMicrousd), plan.Refusal);
    }

    private static DecisionAttempt[] Attempts(RoutePlan plan, RequestRun? run)
    {
        var attempts = new DecisionAttempt[plan.AttemptCount];
        for (var i = 0; i < attempts.Length; i++)
        {
            var (to, when, rule) = plan.Attempt(i);
            var end = Find(run, plan.Attempt(i));
            attempts[i] = new DecisionAttempt(
                to.Zone, to.Target, to.Cell, to.Node, to.Variant.Variant, when, plan.Snapshot.Inputs.Policy.IdOf(rule), to.PredictedMs, to.CostOf(plan.Request.InputBytes),
                end is not null, end?.Failure is null ? end?.Judged.Confidence : null, end?.Failure?.Code);
        }

        return attempts;
    }

    private static AttemptAnswer? Find(RequestRun? run, in PlannedAttempt attempt)
    {
        var end = run?.Last;
        while (end is not null && !(ReferenceEquals(end.Attempt.Candidate, attempt.Candidate) && end.Attempt.When == attempt.When)) end = end.Before;
        return end;
    }

    private static DecisionOutcome Outcome(in RequestReport report)
    {
        var (response, failure) = report.Result;
        var times = response?.Times ?? default;
        return new DecisionOutcome(
            response?.Escalated ?? false, response?.Degraded ?? false, report.SpentMicrousd,
            report.RouteTime.TotalMilliseconds, times.Queue.TotalMilliseconds, times.Here.TotalMilliseconds, times.Link.TotalMilliseconds, times.Above.TotalMilliseconds, report.Total.TotalMilliseconds,
            response?.Provenance.Zone, response?.Provenance.Variant, response?.Confidence, failure?.Code);
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
