using System.Globalization;
using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing;

/// <summary>The sentences of an explained plan: what the rule means for this request.</summary>
internal static class PlanSentences
{
    public static string Of(RoutePlan plan, Zone zone, in ZoneVerdict verdict) => Because(plan, verdict.Rule) ?? verdict.Kind switch
    {
        ZoneVerdictKind.Excluded => Excluded(plan, zone, verdict),
        ZoneVerdictKind.Escalation => string.Create(CultureInfo.InvariantCulture, $"Answers below the confidence floor {plan.Settings.Floor} are asked again here."),
        ZoneVerdictKind.Fallback => $"Answers if the zones before it cannot. {Order(plan, zone, verdict.Rule)}",
        _ => $"Answers first. {Order(plan, zone, verdict.Rule)}",
    };

    public static string Of(RoutePlan plan, in PlannedAttempt attempt)
    {
        var when = attempt.When switch
        {
            AttemptWhen.First => "First",
            AttemptWhen.Unsure => string.Create(CultureInfo.InvariantCulture, $"If the answer is below the confidence floor {plan.Settings.Floor}"),
            _ => "If what came before could not answer",
        };
        var who = attempt.Candidate;
        var where = who.Target switch
        {
            AttemptTarget.Here when who.LoadMs > 0 => string.Create(CultureInfo.InvariantCulture, $"the engine here loads {who.Variant.Variant} again ({who.LoadMs:0.###} ms the last time) and runs it"),
            AttemptTarget.Here => $"the engine here runs {who.Variant.Variant}",
            AttemptTarget.Peer when plan.Chosen!.Entry.State != Models.VersionState.Ready => $"node {who.Node} of this cell runs {who.Variant.Variant}, which this node does not serve now",
            AttemptTarget.Peer => $"node {who.Node} of this cell runs {who.Variant.Variant}",
            _ => $"{who.Cell} is asked over the link",
        };
        var source = who.Measured ? "measured" : "declared, not measured yet";
        return string.Create(CultureInfo.InvariantCulture, $"{when}, {where}: {who.PredictedMs:0.###} ms at p95 ({source}).{Suffix(Because(plan, attempt.Rule))}");
    }

    private static string Suffix(string? because) => because is null ? "" : " " + because;

    private static string? Because(RoutePlan plan, RuleCode rule) =>
        rule.PolicyIndex >= 0 ? plan.Snapshot.Inputs.Policy.Rules[rule.PolicyIndex].Because : null;

    private static string Order(RoutePlan plan, Zone zone, RuleCode rule)
    {
        ref readonly var settings = ref plan.Settings;
        return rule.BuiltIn switch
        {
            BuiltInRule.Mode => $"The mode {settings.Mode.WireName()} says so.",
            BuiltInRule.Floor => string.Create(CultureInfo.InvariantCulture, $"Unsure answers, below the confidence floor {settings.Floor}, go one zone up."),
            BuiltInRule.Objective => $"The objective '{settings.Objective.WireName()}' puts it here.",
            BuiltInRule.Latency => string.Create(CultureInfo.InvariantCulture, $"A zone whose predicted p95 misses the target of {settings.LatencyTargetMs} ms comes after those that meet it."),
            BuiltInRule.Shed => "This silo is under pressure, so unsure answers are not asked again here.",
            _ => BuiltInRules.Sentence(rule.BuiltIn),
        };
    }

    private static string Excluded(RoutePlan plan, Zone zone, in ZoneVerdict verdict)
    {
        ref readonly var settings = ref plan.Settings;
        return verdict.Rule.BuiltIn switch
        {
            BuiltInRule.Ceiling => $"The privacy ceiling '{settings.Ceiling.WireName()}' keeps raw input out of zone '{zone.WireName()}'.",
            BuiltInRule.Mode => $"The mode {settings.Mode.WireName()} does not let zone '{zone.WireName()}' answer.",
            BuiltInRule.Capability => $"Version {plan.Version} has no variant for zone '{zone.WireName()}'.",
            BuiltInRule.Cost => string.Create(CultureInfo.InvariantCulture, $"The predicted {verdict.PredictedCostMicrousd:0.###} micro-USD is above the limit of {settings.MaxCostMicrousd}."),
            BuiltInRule.Shed => $"This silo is under pressure, and the policy sheds the tenant '{plan.Request.Caller.Tenant}' now.",
            BuiltInRule.Quota => $"The tenant '{plan.Request.Caller.Tenant}' has used up its quota.",
            _ => BuiltInRules.Sentence(verdict.Rule.BuiltIn),
        };
    }
}
