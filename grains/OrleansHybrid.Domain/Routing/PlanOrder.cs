namespace OrleansHybrid.Domain.Routing;

/// <summary>Puts the eligible zones in order and writes attempts and verdicts into the plan. Pure.</summary>
/// <remarks>
/// Zones that meet the latency target come before those that do not; within each, the mode's order or the objective's. Below a confidence floor the
/// zones above the first one follow, lowest first, if they meet the target and the cost of both fits; a zone that failed is followed by the rest in order.
/// </remarks>
internal static class PlanOrder
{
    public static void Arrange(RoutePlan plan, ref ZoneChoices zones)
    {
        Span<Zone> order = stackalloc Zone[3];
        var eligible = Sort(plan, ref zones, order);
        for (var zone = Zone.Device; zone <= Zone.Cloud; zone++) Exclude(plan, zone, ref zones[(int)zone]);
        for (var zone = Zone.Device; zone <= Zone.Cloud; zone++) plan.Weigh(zone, zones[(int)zone].Infeasible);
        if (eligible == 0) return;
        var first = order[0];
        plan.HardWouldMove = HardWouldMove(ref zones, order[..eligible]);
        MarkDegraded(plan, ref zones, first);
        var escalates = Escalates(plan, ref zones, first);
        Choose(plan, ref zones, first, FirstRule(plan, ref zones, order[..eligible], escalates));
        if (plan.Settings.Floor > 0) Escalate(plan, ref zones, first);
        for (var i = 1; i < eligible; i++) FallBack(plan, order[i], ref zones[(int)order[i]]);
    }

    /// <summary>Whether a zone above the first one is as feasible as it: a signal of hardness would put that one first.</summary>
    private static bool HardWouldMove(ref ZoneChoices zones, ReadOnlySpan<Zone> order)
    {
        var any = false;
        foreach (var zone in order[1..]) any |= zone > order[0] && zones[(int)zone].Infeasible.IsNone == zones[(int)order[0]].Infeasible.IsNone;
        return any;
    }

    private static int Sort(RoutePlan plan, ref ZoneChoices zones, Span<Zone> order)
    {
        var count = 0;
        for (var zone = Zone.Device; zone <= Zone.Cloud; zone++)
        {
            if (!zones[(int)zone].Eligible) continue;
            var at = count++;
            while (at > 0 && Before(plan, zone, ref zones[(int)zone], order[at - 1], ref zones[(int)order[at - 1]])) order[at] = order[--at];
            order[at] = zone;
        }

        return count;
    }

    private static bool Before(RoutePlan plan, Zone zone, ref ZoneChoice choice, Zone other, ref ZoneChoice otherChoice)
    {
        if (choice.Infeasible.IsNone != otherChoice.Infeasible.IsNone) return choice.Infeasible.IsNone;
        return Key(plan, zone, choice) < Key(plan, other, otherChoice);
    }

    private static double Key(RoutePlan plan, Zone zone, in ZoneChoice choice)
    {
        ref readonly var settings = ref plan.Settings;
        if (ModeRules.Orders(settings.Mode)) return ModeRules.Place(settings.Mode, zone);
        if (IsHard(plan) || IsFleeting(plan)) return -(int)zone;
        return settings.Objective switch
        {
            RouteObjective.Latency => choice.PredictedMs,
            RouteObjective.Cost => choice.CostMicrousd,
            RouteObjective.Quality => -(int)zone,
            _ => (int)zone,
        };
    }

    private static bool IsHard(RoutePlan plan) => plan.Signals.IsHard && plan.Settings.Mode == RouteMode.Auto;

    /// <summary>Whether the version changes so often that the highest zone is likely to be the only one with the current one.</summary>
    private static bool IsFleeting(RoutePlan plan) =>
        plan.Chosen!.ChangesOften && plan.Settings is { Mode: RouteMode.Auto, Objective: RouteObjective.Balanced };

    /// <summary>Whether a zone that would have come first, or that unsure answers would have gone to, is missing for the moment.</summary>
    private static void MarkDegraded(RoutePlan plan, ref ZoneChoices zones, Zone first)
    {
        for (var zone = plan.Snapshot.Inputs.Zone; zone <= Zone.Cloud; zone++)
        {
            ref var choice = ref zones[(int)zone];
            if (zone == first || !BuiltInRules.IsTransient(choice.Excluded)) continue;
            plan.Degraded |= Before(plan, zone, ref choice, first, ref zones[(int)first]);
            plan.EscalationLost |= zone > first && plan.Settings.Floor > 0;
        }
    }

    private static RuleCode FirstRule(RoutePlan plan, ref ZoneChoices zones, ReadOnlySpan<Zone> order, bool escalates)
    {
        ref readonly var settings = ref plan.Settings;
        foreach (var zone in order[1..])
        {
            if (!zones[(int)zone].Infeasible.IsNone && Key(plan, zone, zones[(int)zone]) < Key(plan, order[0], zones[(int)order[0]])) return zones[(int)zone].Infeasible;
        }

        if (settings.Mode != RouteMode.Auto) return settings.ModeRule.Or(BuiltInRule.Mode);
        if (order.Length == 1) return BuiltInRule.Only;
        if (IsHard(plan)) return BuiltInRule.Hard;
        if (IsFleeting(plan)) return BuiltInRule.Updates;
        return escalates ? settings.FloorRule.Or(BuiltInRule.Floor) : settings.ObjectiveRule.Or(BuiltInRule.Objective);
    }

    private static void Choose(RoutePlan plan, ref ZoneChoices zones, Zone zone, RuleCode rule)
    {
        ref var choice = ref zones[(int)zone];
        plan.Add(choice.Best!, AttemptWhen.First, rule);
        if (choice.Second is { } second) plan.Add(second, AttemptWhen.Failed, rule);
        plan.Judge(zone, choice.Verdict(ZoneVerdictKind.Chosen, rule));
    }

    private static bool Escalates(RoutePlan plan, ref ZoneChoices zones, Zone first)
    {
        var any = false;
        for (var zone = first + 1; zone <= Zone.Cloud; zone++) any |= CanEscalate(plan, ref zones, first, zone);
        return any;
    }

    private static bool CanEscalate(RoutePlan plan, ref ZoneChoices zones, Zone first, Zone to) =>
        !plan.Snapshot.Shed.Sheds(ShedKinds.Escalation) && WouldEscalate(plan, ref zones, first, to);

    private static bool WouldEscalate(RoutePlan plan, ref ZoneChoices zones, Zone first, Zone to)
    {
        ref var upper = ref zones[(int)to];
        return plan.Settings.Floor > 0 && upper.Eligible && upper.Infeasible.IsNone
            && Affordable(plan, upper.CostMicrousd + zones[(int)first].CostMicrousd);
    }

    private static bool Affordable(RoutePlan plan, double costMicrousd) =>
        costMicrousd <= plan.Settings.MaxCostMicrousd && !(costMicrousd > plan.Signals.Quota.MoneyLeftMicrousd);

    private static void Escalate(RoutePlan plan, ref ZoneChoices zones, Zone first)
    {
        var rule = plan.Settings.FloorRule.Or(BuiltInRule.Floor);
        for (var zone = first + 1; zone <= Zone.Cloud; zone++)
        {
            if (!WouldEscalate(plan, ref zones, first, zone)) continue;
            ref var choice = ref zones[(int)zone];
            if (plan.Snapshot.Shed.Sheds(ShedKinds.Escalation))
            {
                Withhold(plan, zone, choice);
                continue;
            }

            plan.Add(choice.Best!, AttemptWhen.Unsure, rule);
            plan.Judge(zone, choice.Verdict(ZoneVerdictKind.Escalation, rule));
        }
    }

    /// <summary>Under pressure an unsure answer stays as it is; the zone above still answers when the first one cannot.</summary>
    private static void Withhold(RoutePlan plan, Zone zone, in ZoneChoice choice)
    {
        plan.EscalationLost = true;
        plan.Shed |= ShedKinds.Escalation;
        plan.Judge(zone, choice.Verdict(ZoneVerdictKind.Fallback, BuiltInRule.Shed));
    }

    private static void FallBack(RoutePlan plan, Zone zone, ref ZoneChoice choice)
    {
        ref readonly var settings = ref plan.Settings;
        var rule = !choice.Infeasible.IsNone ? choice.Infeasible
            : settings.Mode != RouteMode.Auto ? settings.ModeRule.Or(BuiltInRule.Mode)
            : IsFleeting(plan) && !IsHard(plan) ? BuiltInRule.Updates
            : settings.ObjectiveRule.Or(BuiltInRule.Objective);
        plan.Add(choice.Best!, AttemptWhen.Failed, rule);
        if (choice.Second is { } second) plan.Add(second, AttemptWhen.Failed, rule);
        if (plan.Verdict(zone).Kind != ZoneVerdictKind.None) return;
        plan.Judge(zone, choice.Verdict(ZoneVerdictKind.Fallback, rule));
    }

    private static void Exclude(RoutePlan plan, Zone zone, ref ZoneChoice choice)
    {
        if (zone < plan.Snapshot.Inputs.Zone || choice.Eligible) return;
        plan.Judge(zone, choice.Verdict(ZoneVerdictKind.Excluded, choice.Excluded));
    }
}
