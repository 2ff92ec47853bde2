namespace OrleansHybrid.Domain.Routing;

/// <summary>Applies the hard rules and feasibility to one zone. Pure.</summary>
/// <remarks>
/// The first rule that excludes is the one reported, in this order: draining, ceiling, shed, mode, link (unlinked, offline, cut, cooldown), capability,
/// hop, memory, quota, cost. Only then is the predicted p95 held against the latency target: a zone too slow is kept for when nothing else is left.
/// </remarks>
internal static class ZoneJudge
{
    /// <summary>A peer is asked when its wait (queue, and load of what is not in memory) is shorter than this part of ours …</summary>
    private const double PeerQueueRatio = 0.25;

    /// <summary>… and shorter by at least this many milliseconds: a hop and a copy are not free.</summary>
    private const double PeerQueueGainMs = 10;

    public static void Judge(RoutePlan plan, VersionIndex version, Zone zone, HopState hops, DateTimeOffset now, out ZoneChoice choice)
    {
        choice = new ZoneChoice { PredictedMs = double.NaN, CostMicrousd = double.NaN };
        choice.Excluded = BeforeCandidates(plan, zone);
        if (!choice.Excluded.IsNone) return;
        if (zone == plan.Snapshot.Inputs.Zone) Here(plan, version, hops, ref choice);
        else Above(plan, version, zone, hops, now, ref choice);
        if (choice.Best is { } best) Weigh(plan, best, zone, ref choice);
    }

    private static RuleCode BeforeCandidates(RoutePlan plan, Zone zone)
    {
        ref readonly var settings = ref plan.Settings;
        var inputs = plan.Snapshot.Inputs;
        if (inputs.Draining) return BuiltInRule.Draining;
        if ((int)inputs.Zone > (int)settings.Ceiling || (int)zone > (int)settings.Ceiling) return settings.CeilingRule.Or(BuiltInRule.Ceiling);
        if ((plan.Shed & ShedKinds.Tenant) != 0) return BuiltInRule.Shed;
        if (!ModeRules.Allows(settings.Mode, zone)) return settings.ModeRule.Or(BuiltInRule.Mode);
        return plan.Snapshot.Assumed.IsDown(zone) ? BuiltInRule.Offline : RuleCode.None;
    }

    private static void Here(RoutePlan plan, VersionIndex version, HopState hops, ref ZoneChoice choice)
    {
        var peer = hops.FromPeer || hops.IsLast || version.Peers.Length == 0 ? null : version.Peers[0];
        var own = version.Here.Length == 0 ? null : BestHere(plan, version.Here);
        if (own is null && peer is null) choice.Excluded = version.NoneHere;
        else if (own is null) (choice.Best, choice.Second) = (peer, version.Peers.Length > 1 ? version.Peers[1] : null);
        else if (peer is not null && PeerIsMuchShorter(own, peer)) (choice.Best, choice.Second) = (peer, own);
        else choice.Best = own;
        if (choice.Excluded.IsNone && hops.Closed) choice.Excluded = BuiltInRule.Hop;
    }

    private static bool PeerIsMuchShorter(Candidate own, Candidate peer) =>
        peer.WaitMs <= own.WaitMs * PeerQueueRatio && peer.WaitMs + PeerQueueGainMs <= own.WaitMs;

    /// <summary>The first variant that meets the target, or the fastest or cheapest where the objective asks for that.</summary>
    private static Candidate BestHere(RoutePlan plan, Candidate[] variants)
    {
        var objective = plan.Settings.Objective;
        var target = plan.Settings.LatencyTargetMs;
        var best = variants[0];
        for (var i = 1; i < variants.Length; i++)
        {
            var other = variants[i];
            var better = objective switch
            {
                RouteObjective.Latency => other.PredictedMs < best.PredictedMs,
                RouteObjective.Cost => other.RunCostMicrousd < best.RunCostMicrousd && other.PredictedMs <= target,
                _ => false,
            };
            if (better || (best.PredictedMs > target && other.PredictedMs < best.PredictedMs)) best = other;
        }

        return best;
    }

    private static void Above(RoutePlan plan, VersionIndex version, Zone zone, HopState hops, DateTimeOffset now, ref ZoneChoice choice)
    {
        choice.Excluded = BuiltInRule.Unlinked;
        Candidate? known = null;
        foreach (var link in version.Upstreams)
        {
            if (link.Zone != zone) continue;
            var excluded = LinkRule(plan, link, hops, now);
            if (excluded.IsNone && choice.Best is not null)
            {
                choice.Second = link;
                return;
            }

            if (excluded.IsNone) (choice.Best, choice.Excluded) = (link, RuleCode.None);
            else if (known is null && choice.Best is null) (known, choice.Excluded) = (link, excluded);
        }

        choice.Best ??= known;
    }

    private static RuleCode LinkRule(RoutePlan plan, Candidate link, HopState hops, DateTimeOffset now)
    {
        if (link.Excluded.Is(BuiltInRule.Offline) && now - link.LinkSince < Limits.LinkCooldown) return BuiltInRule.Cooldown;
        if (!link.Excluded.IsNone) return link.Excluded;
        return hops.Closed || hops.FromPeer || hops.IsLast || HopState.Passed(plan, link.Cell) ? BuiltInRule.Hop : RuleCode.None;
    }

    private static void Weigh(RoutePlan plan, Candidate best, Zone zone, ref ZoneChoice choice)
    {
        ref readonly var settings = ref plan.Settings;
        var snapshot = plan.Snapshot;
        choice.CostMicrousd = best.CostOf(plan.Request.InputBytes);
        choice.PredictedMs = best.PredictedMs;
        if (!choice.Excluded.IsNone) return;
        var quota = plan.Signals.Quota;
        if (quota.OverRate || choice.CostMicrousd > quota.MoneyLeftMicrousd) choice.Excluded = BuiltInRule.Quota;
        else if (choice.CostMicrousd > settings.MaxCostMicrousd) choice.Excluded = settings.CostRule.Or(BuiltInRule.Cost);
        if (choice.PredictedMs > settings.LatencyTargetMs || snapshot.Assumed.IsSlow(zone)) choice.Infeasible = settings.LatencyRule.Or(BuiltInRule.Latency);
        else if (zone == Zone.Device && snapshot.Inputs.BatteryPercent < Limits.BatteryPercentMin) choice.Infeasible = BuiltInRule.Battery;
        else if (IsMetered(plan, zone)) choice.Infeasible = BuiltInRule.Metered;
    }

    private static bool IsMetered(RoutePlan plan, Zone zone) =>
        plan.Snapshot.Inputs.MeteredLink && zone > plan.Snapshot.Inputs.Zone && plan.Request.InputBytes > Limits.MeteredInputBytesMax && !ModeRules.AsksFor(plan.Settings.Mode, zone);
}
