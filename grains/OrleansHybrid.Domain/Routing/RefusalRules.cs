using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Names the failure of a plan without attempts: the one that says most about what the caller can do. Pure.</summary>
internal static class RefusalRules
{
    /// <summary>How soon it is worth asking again after a state that passes.</summary>
    private static readonly TimeSpan RetrySoon = TimeSpan.FromSeconds(1);

    public static FailureCode CodeOf(RoutePlan plan)
    {
        var inputs = plan.Snapshot.Inputs;
        if (inputs.Draining) return FailureCode.ShuttingDown;
        if (!plan.Settings.Ceiling.Permits(inputs.Zone)) return FailureCode.PrivacyRefused;
        if (Any(plan, BuiltInRule.Shed) || Any(plan, BuiltInRule.Quota)) return FailureCode.Overloaded;
        if (Any(plan, BuiltInRule.Offline) || Any(plan, BuiltInRule.Cooldown) || Any(plan, BuiltInRule.Cut)) return FailureCode.UpstreamUnavailable;
        if (Any(plan, BuiltInRule.Unloaded)) return FailureCode.ModelNotReady;
        return CeilingStandsInTheWay(plan) ? FailureCode.PrivacyRefused : FailureCode.NoEligibleZone;
    }

    /// <summary>The failure with its text, for the caller.</summary>
    public static InferenceFailure Describe(RoutePlan plan)
    {
        var inputs = plan.Snapshot.Inputs;
        var model = plan.Request.Model;
        return plan.Refusal switch
        {
            FailureCode.ModelNotFound => Fail(plan, CatalogueText.NoModel(plan.Snapshot, model)),
            FailureCode.VersionNotFound => Fail(plan, CatalogueText.NoVersion(plan.Snapshot, model, plan.Request.Version!.Value)),
            FailureCode.ModelNotReady => Fail(plan, CatalogueText.NotReady(plan.Snapshot, model, plan.Request.Version), RetrySoon),
            FailureCode.ShuttingDown => Fail(plan, "This silo is stopping and takes nothing new. Send the request to another one of the cell.", RetrySoon),
            FailureCode.PrivacyRefused => Fail(plan, PrivacyText(plan)),
            FailureCode.Overloaded when Any(plan, BuiltInRule.Shed) => Fail(plan, ShedText(plan), Limits.PressureFallAfter),
            FailureCode.Overloaded => Fail(plan, QuotaText(plan), plan.Signals.Quota.RetryAfter > TimeSpan.Zero ? plan.Signals.Quota.RetryAfter : RetrySoon),
            FailureCode.UpstreamUnavailable => Fail(plan, $"No zone that the request may use can be reached from cell '{inputs.Cell}': {PlanRenderer.Reason(plan)}.", RetrySoon),
            _ => Fail(plan, $"No zone may answer in cell '{inputs.Cell}': {PlanRenderer.Reason(plan)}. Explain the request to see each rule, then change its mode, limits or tags."),
        };
    }

    private static string ShedText(RoutePlan plan) =>
        $"This silo is under pressure, and the policy sheds the tenant '{plan.Request.Caller.Tenant}' now: {PlanRenderer.Reason(plan)}. Send the request again later.";

    private static string QuotaText(RoutePlan plan)
    {
        var tenant = plan.Request.Caller.Tenant;
        var owner = OwnerOf(plan, tenant);
        var what = plan.Signals.Quota.OverRate ? "requests of this minute" : "money of this day (UTC)";
        return $"The tenant '{tenant}' has used up its {what}. Wait, or ask {owner} for more.";
    }

    private static string OwnerOf(RoutePlan plan, string tenant) =>
        plan.Snapshot.Inputs.Policy.Quotas.FirstOrDefault(q => q.Tenant == tenant)?.Owner ?? "the quota's owner";

    private static string PrivacyText(RoutePlan plan)
    {
        var inputs = plan.Snapshot.Inputs;
        var ceiling = plan.Settings.Ceiling;
        var by = plan.Settings.CeilingRule.IsNone ? "" : $", set by rule {inputs.Policy.IdOf(plan.Settings.CeilingRule)}";
        return ceiling.Permits(inputs.Zone)
            ? $"The privacy ceiling '{ceiling.WireName()}'{by} forbids every zone that could answer: {PlanRenderer.Reason(plan)}. Load a variant in a zone under the ceiling."
            : $"The privacy ceiling is '{ceiling.WireName()}'{by}, and cell '{inputs.Cell}' is in zone '{inputs.Zone.WireName()}': the request was refused and nothing of it was kept. Answer it in zone '{((Zone)ceiling).WireName()}'.";
    }

    private static bool Any(RoutePlan plan, BuiltInRule rule)
    {
        for (var zone = plan.Snapshot.Inputs.Zone; zone <= Zone.Cloud; zone++)
        {
            if (plan.Verdict(zone).Rule.Is(rule)) return true;
        }

        return false;
    }

    /// <summary>Every zone under the ceiling lacks a variant; the ceiling keeps the request from the others.</summary>
    private static bool CeilingStandsInTheWay(RoutePlan plan)
    {
        for (var zone = plan.Snapshot.Inputs.Zone; zone <= Zone.Cloud; zone++)
        {
            var rule = plan.Verdict(zone).Rule;
            if (plan.Settings.Ceiling.Permits(zone) && !rule.Is(BuiltInRule.Capability) && !rule.Is(BuiltInRule.Memory) && !rule.Is(BuiltInRule.Unlinked)) return false;
        }

        return plan.Settings.Ceiling != PrivacyCeiling.Any;
    }

    private static InferenceFailure Fail(RoutePlan plan, string message, TimeSpan? retryAfter = null) => new(plan.Refusal!.Value, message, retryAfter);
}
