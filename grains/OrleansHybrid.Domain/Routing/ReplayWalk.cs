namespace OrleansHybrid.Domain.Routing;

/// <summary>How a request went, or would go.</summary>
/// <param name="Zone">The zone that answers; null: none.</param>
/// <param name="Refused">Nothing could be tried.</param>
/// <param name="Crossed">Raw input left the zone.</param>
/// <param name="Ms">Predicted p95 of all that is tried, one after the other.</param>
internal readonly record struct ReplayWalk(Zone? Zone, bool Refused, bool Crossed, double Ms, double CostMicrousd)
{
    public string Where => Zone is { } zone ? zone.WireName() : Refused ? "refused" : "failed";

    /// <summary>What happened, at the figures that were predicted.</summary>
    public static ReplayWalk Recorded(DecisionRecord record)
    {
        var ran = record.Plan.Attempts.Where(a => a.Ran).ToArray();
        return new ReplayWalk(
            record.Outcome.Zone, record.Plan.Refusal is not null, ran.Any(a => a.Target == AttemptTarget.Upstream),
            ran.Sum(a => a.PredictedMs), ran.Where(a => a.Failure is null).Sum(a => a.CostMicrousd));
    }

    /// <summary>What the plan would do, as far as the record tells how its places answer.</summary>
    public static ReplayWalk Expected(RoutePlan plan, DecisionRecord record)
    {
        if (plan.Refusal is not null) return new ReplayWalk(null, true, false, 0, 0);
        var walk = new ReplayWalk();
        Zone? inHand = null;
        var step = AttemptRules.Next(AttemptProgress.Start(plan), AttemptOutcome.None, TimeSpan.Zero);
        while (step.Action == AttemptAction.Run)
        {
            var attempt = plan.Attempt(step.Progress.Current).Candidate;
            var outcome = OutcomeAt(attempt, plan.Settings.Floor, record);
            walk = walk.Past(attempt, outcome, plan.Request.InputBytes);
            step = AttemptRules.Next(step.Progress, outcome, TimeSpan.FromMilliseconds(Math.Min(walk.Ms, Limits.DeadlineMax.TotalMilliseconds)));
            if (step.Action == AttemptAction.Run && outcome == AttemptOutcome.Unsure) inHand = attempt.Zone;
            else if (step.Action == AttemptAction.ReturnLatest) walk = walk with { Zone = attempt.Zone };
        }

        return step.Action == AttemptAction.ReturnInHand ? walk with { Zone = inHand } : walk;
    }

    private ReplayWalk Past(Candidate attempt, AttemptOutcome outcome, long bytes) => this with
    {
        Crossed = Crossed || attempt.Target == AttemptTarget.Upstream,
        Ms = Ms + attempt.PredictedMs,
        CostMicrousd = CostMicrousd + (outcome is AttemptOutcome.Sure or AttemptOutcome.Unsure ? attempt.CostOf(bytes) : 0),
    };

    private static AttemptOutcome OutcomeAt(Candidate place, double floor, DecisionRecord record)
    {
        foreach (var past in record.Plan.Attempts)
        {
            if (!past.Ran || past.Target != place.Target || past.Zone != place.Zone || past.Cell != place.Cell || past.Node != place.Node || past.Variant != place.Variant.Variant) continue;
            if (past.Failure == FailureCode.Cancelled) return AttemptOutcome.GivenUp;
            if (past.Failure is { } code) return AttemptRules.Classify(code, place.Target);
            return past.Confidence < floor ? AttemptOutcome.Unsure : AttemptOutcome.Sure;
        }

        return AttemptOutcome.Sure;
    }
}
