using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Weighs rules, request, manifest and defaults into one set of settings. Pure and without allocation.</summary>
/// <remarks>
/// Precedence: rule, then request, then manifest, then the policy's defaults; the cost limit takes the smallest of all.
/// The ceiling is the lowest of three: the entry ceiling, the matching <c>set</c> rules' and the request's. The entry ceiling is
/// <list type="bullet">
/// <item>where the request enters the farm: the manifest's, lifted by the lowest matching <c>loosen</c>, which names the tenant;</item>
/// <item>behind a trusted hop: the incoming privacy, since the manifest and loosening were settled below.</item>
/// </list>
/// A manifest that could not be read counts as <c>device</c>.
/// </remarks>
internal static class PolicyEvaluator
{
    public static void Evaluate(in PlanRequest request, VersionIndex version, ZoneSnapshot snapshot, out EffectiveSettings settings)
    {
        var asked = request.Parameters;
        var found = new Found { MaxCost = asked.MaxCostMicrousd ?? double.PositiveInfinity };
        foreach (var rule in version.Model.Rules)
        {
            if (rule.Matches(request, snapshot.Inputs.Zone)) found.Add(rule);
        }

        ref readonly var values = ref found.Values;
        var defaults = snapshot.Inputs.Policy.Defaults;
        settings = default;
        Ceiling(request, version, found, ref settings);
        (settings.Mode, settings.ModeRule) = (values.Mode ?? asked.Mode ?? defaults.Mode ?? RouteMode.Auto, found.ModeRule);
        (settings.Objective, settings.ObjectiveRule) = (values.Objective ?? defaults.Objective ?? RouteObjective.Balanced, found.ObjectiveRule);
        (settings.LatencyTargetMs, settings.LatencyRule) = (values.LatencyTargetMs ?? asked.LatencyTargetMs ?? defaults.LatencyTargetMs ?? double.PositiveInfinity, found.LatencyRule);
        (settings.MaxCostMicrousd, settings.CostRule) = (Math.Min(found.MaxCost, defaults.MaxCostMicrousd ?? double.PositiveInfinity), found.CostRule);
        if (version.Manifest?.Confidence is { } confidence)
        {
            (settings.Floor, settings.FloorRule) = (values.ConfidenceFloor ?? asked.ConfidenceFloor ?? confidence.Floor, found.FloorRule);
        }
    }

    private static void Ceiling(in PlanRequest request, VersionIndex version, in Found found, ref EffectiveSettings settings)
    {
        var incoming = request.Parameters.Privacy;
        (settings.Ceiling, settings.CeilingRule) = (version.ManifestCeiling, RuleCode.None);
        if (request.Caller.TrustedHop)
        {
            settings.Ceiling = incoming ?? version.ManifestCeiling;
        }
        else if (found.Loosen is { } loosened && loosened > version.ManifestCeiling)
        {
            (settings.Ceiling, settings.CeilingRule) = (loosened, found.LoosenRule);
        }

        if (found.Values.Privacy is { } set && set < settings.Ceiling) (settings.Ceiling, settings.CeilingRule) = (set, found.CeilingRule);
        if (incoming is { } own && own < settings.Ceiling) (settings.Ceiling, settings.CeilingRule) = (own, RuleCode.None);
    }

    /// <summary>What the matching rules said so far, in their order.</summary>
    private struct Found
    {
        public RuleValues Values;
        public PrivacyCeiling? Loosen;
        public double MaxCost;
        public RuleCode CeilingRule, LoosenRule, ModeRule, ObjectiveRule, LatencyRule, CostRule, FloorRule;

        public void Add(CompiledRule rule)
        {
            var code = rule.Code;
            var set = rule.Set;
            if (set.Privacy is { } ceiling && !(Values.Privacy <= ceiling)) (Values, CeilingRule) = (Values with { Privacy = ceiling }, code);
            if (rule.Loosen is { } loosen && !(Loosen <= loosen)) (Loosen, LoosenRule) = (loosen, code);
            if (set.Mode is { } mode && Values.Mode is null) (Values, ModeRule) = (Values with { Mode = mode }, code);
            if (set.Objective is { } objective && Values.Objective is null) (Values, ObjectiveRule) = (Values with { Objective = objective }, code);
            if (set.LatencyTargetMs is { } target && Values.LatencyTargetMs is null) (Values, LatencyRule) = (Values with { LatencyTargetMs = target }, code);
            if (set.ConfidenceFloor is { } floor && Values.ConfidenceFloor is null) (Values, FloorRule) = (Values with { ConfidenceFloor = floor }, code);
            if (set.MaxCostMicrousd is { } cost && cost < MaxCost) (MaxCost, CostRule) = (cost, code);
        }
    }
}
