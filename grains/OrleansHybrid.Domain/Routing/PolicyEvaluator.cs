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
        var found = new Found { MaxCost = request.Parameters.MaxCostMicrousd ?? double.PositiveInfinity };
        var tags = new TagMemo(request.Parameters.Tags);
        foreach (var rule in version.Model.Rules)
        {
            if (rule.Matches(request, snapshot.Inputs.Zone, ref tags)) found.Add(rule);
        }

        settings = default;
        Ceiling(request, version, found, ref settings);
        Rest(request.Parameters, version, snapshot.Inputs.Policy.Defaults, found, ref settings);
    }

    private static void Rest(RouteParameters asked, VersionIndex version, in RuleValues defaults, in Found found, ref EffectiveSettings settings)
    {
        (settings.Mode, settings.ModeRule) = (found.Mode ?? asked.Mode ?? defaults.Mode ?? RouteMode.Auto, found.ModeRule);
        (settings.Objective, settings.ObjectiveRule) = (found.Objective ?? defaults.Objective ?? RouteObjective.Balanced, found.ObjectiveRule);
        (settings.LatencyTargetMs, settings.LatencyRule) = (found.LatencyTargetMs ?? asked.LatencyTargetMs ?? defaults.LatencyTargetMs ?? double.PositiveInfinity, found.LatencyRule);
        var cheapest = defaults.MaxCostMicrousd ?? double.PositiveInfinity;
        (settings.MaxCostMicrousd, settings.CostRule) = cheapest < found.MaxCost ? (cheapest, RuleCode.None) : (found.MaxCost, found.CostRule);
        if (version.Manifest?.Confidence is { } confidence)
        {
            (settings.Floor, settings.FloorRule) = (found.Floor ?? asked.ConfidenceFloor ?? confidence.Floor, found.FloorRule);
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

        if (found.Privacy is { } set && set < settings.Ceiling) (settings.Ceiling, settings.CeilingRule) = (set, found.CeilingRule);
        if (incoming is { } own && own < settings.Ceiling) (settings.Ceiling, settings.CeilingRule) = (own, RuleCode.None);
    }

    /// <summary>What the matching rules said so far, in their order.</summary>
    private struct Found
    {
        public PrivacyCeiling? Privacy, Loosen;
        public RouteMode? Mode;
        public RouteObjective? Objective;
        public long? LatencyTargetMs;
        public double? Floor;
        public double MaxCost;
        public RuleCode CeilingRule, LoosenRule, ModeRule, ObjectiveRule, LatencyRule, CostRule, FloorRule;

        public void Add(CompiledRule rule)
        {
            var code = rule.Code;
            ref readonly var set = ref rule.Values;
            if (set.Privacy is { } ceiling && !(Privacy <= ceiling)) (Privacy, CeilingRule) = (ceiling, code);
            if (rule.Loosen is { } loosen && !(Loosen <= loosen)) (Loosen, LoosenRule) = (loosen, code);
            if (set.Mode is { } mode && Mode is null) (Mode, ModeRule) = (mode, code);
            if (set.Objective is { } objective && Objective is null) (Objective, ObjectiveRule) = (objective, code);
            if (set.LatencyTargetMs is { } target && LatencyTargetMs is null) (LatencyTargetMs, LatencyRule) = (target, code);
            if (set.ConfidenceFloor is { } floor && Floor is null) (Floor, FloorRule) = (floor, code);
            if (set.MaxCostMicrousd is { } cost && cost < MaxCost) (MaxCost, CostRule) = (cost, code);
        }
    }
}
