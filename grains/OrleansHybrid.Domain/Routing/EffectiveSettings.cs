using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing;

/// <summary>What holds for one request after rules, request, manifest and defaults were weighed, and which policy rule said so (none: the request, the manifest or the defaults).</summary>
/// <param name="Floor">0: nothing is unsure.</param>
/// <param name="LatencyTargetMs">Infinite: no target.</param>
/// <param name="MaxCostMicrousd">Infinite: no limit.</param>
public record struct EffectiveSettings(
    PrivacyCeiling Ceiling,
    RuleCode CeilingRule,
    RouteMode Mode,
    RuleCode ModeRule,
    RouteObjective Objective,
    RuleCode ObjectiveRule,
    double Floor,
    RuleCode FloorRule,
    double LatencyTargetMs,
    RuleCode LatencyRule,
    double MaxCostMicrousd,
    RuleCode CostRule);
