namespace OrleansHybrid.Domain.Routing;

/// <summary>How an attempt ended, as far as what follows depends on it.</summary>
public enum AttemptOutcome
{
    /// <summary>Nothing was tried yet.</summary>
    None,

    /// <summary>Answered at or above the confidence floor.</summary>
    Sure,

    /// <summary>Answered below it.</summary>
    Unsure,

    /// <summary>Failed in a way that another place may not.</summary>
    Failed,

    /// <summary>Failed in a way that would be the same everywhere.</summary>
    FailedForGood,

    /// <summary>The caller went away.</summary>
    GivenUp,
}

/// <summary>How far a request has come.</summary>
/// <param name="Current">The attempt that just ended; -1 before the first.</param>
/// <param name="Tried">A bit for each attempt that was started, or would repeat one that was.</param>
/// <param name="InHand">An unsure answer is kept while the zone above is asked.</param>
public readonly record struct AttemptProgress(RoutePlan Plan, int Current, int Tried, bool InHand)
{
    public static AttemptProgress Start(RoutePlan plan) => new(plan, -1, 0, false);
}

public enum AttemptAction
{
    /// <summary>Start the attempt of <see cref="AttemptStep.Progress"/> within <see cref="AttemptStep.Budget"/>.</summary>
    Run,

    /// <summary>Return the answer that just came; one in hand is released.</summary>
    ReturnLatest,

    /// <summary>Return the unsure answer in hand.</summary>
    ReturnInHand,

    /// <summary>Nothing is left to try.</summary>
    Fail,
}

/// <param name="Budget">How long the attempt may take.</param>
/// <param name="Degraded">The answer that is returned stands in for one that could not be had.</param>
public readonly record struct AttemptStep(AttemptAction Action, AttemptProgress Progress, TimeSpan Budget, bool Degraded);

/// <summary>What follows an attempt. Pure: the runner starts what is returned and comes back with its outcome.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>A sure answer ends it. An unsure one is kept while the next zone above is asked; whatever happens there, an answer in hand is never lost to an error.</item>
/// <item>A failure is followed by the next fallback that was not tried, unless it would be the same everywhere.</item>
/// <item>One deadline for the chain: an attempt gets what is left, less a reserve for the fallback behind it, or for handing over what is in hand.</item>
/// <item>Nothing is tried twice, and nothing is started when no time is left.</item>
/// </list>
/// </remarks>
public static class AttemptRules
{
    /// <summary>Time kept for handing over an answer that is in hand, at most.</summary>
    private static readonly TimeSpan HandOver = TimeSpan.FromMilliseconds(25);

    /// <summary>An attempt most likely ends within so many times its predicted p95.</summary>
    private const double LikelyFactor = 2;

    /// <summary>The least that is kept for a fallback: room for a busy host, and for a latency that is not known.</summary>
    private static readonly TimeSpan FallbackLeast = TimeSpan.FromMilliseconds(100);

    /// <param name="elapsed">Time since the request was handed over.</param>
    public static AttemptStep Next(in AttemptProgress progress, AttemptOutcome outcome, TimeSpan elapsed)
    {
        var plan = progress.Plan;
        var left = plan.Request.Deadline - elapsed;
        return outcome switch
        {
            AttemptOutcome.None => Run(progress, Find(progress, AttemptWhen.First), left) ?? End(AttemptAction.Fail, progress, false),
            AttemptOutcome.Sure => End(AttemptAction.ReturnLatest, progress, IsFallback(progress)),
            AttemptOutcome.Unsure => AfterUnsure(progress, left),
            AttemptOutcome.GivenUp => End(AttemptAction.Fail, progress, false),
            _ when progress.InHand => End(AttemptAction.ReturnInHand, progress, true),
            AttemptOutcome.Failed => Run(progress, Find(progress, AttemptWhen.Failed), left) ?? End(AttemptAction.Fail, progress, false),
            _ => End(AttemptAction.Fail, progress, false),
        };
    }

    /// <summary>How long the attempt may take when so much is left of the deadline.</summary>
    public static TimeSpan Budget(RoutePlan plan, int attempt, TimeSpan left)
    {
        var planned = plan.Attempt(attempt);
        if (planned.When == AttemptWhen.Unsure) return left - Lesser(HandOver, left / 2);
        for (var next = attempt + 1; next < plan.AttemptCount; next++)
        {
            var behind = plan.Attempt(next);
            if (behind.When == AttemptWhen.Failed) return left - Reserve(planned.Candidate, behind.Candidate, left);
        }

        return left;
    }

    /// <summary>What is kept for the fallback: never more than half of what is left, and nothing that the attempt is likely to need itself.</summary>
    private static TimeSpan Reserve(Candidate now, Candidate behind, TimeSpan left)
    {
        // The engine here always ends in time; while nothing is known of its speed, it gets everything.
        if (now is { Target: AttemptTarget.Here, PredictedMs: 0 }) return TimeSpan.Zero;
        var free = left - LikelyTime(now);
        var wanted = LikelyTime(behind);
        return free <= TimeSpan.Zero ? TimeSpan.Zero : Lesser(wanted > FallbackLeast ? wanted : FallbackLeast, Lesser(left / 2, free));
    }

    private static TimeSpan LikelyTime(Candidate candidate) =>
        TimeSpan.FromMilliseconds(Math.Min(candidate.PredictedMs * LikelyFactor, Limits.DeadlineMax.TotalMilliseconds));

    /// <summary>Whether trying elsewhere can help after such a failure of such a place.</summary>
    public static AttemptOutcome Classify(FailureCode code, AttemptTarget target) => code switch
    {
        FailureCode.PrivacyRefused => AttemptOutcome.FailedForGood,
        // A server above may hold another version of the model, or another idea of the protocol; silos of one cell hold the same.
        FailureCode.BadInput when target != AttemptTarget.Upstream => AttemptOutcome.FailedForGood,
        // A server above has its own bounds and its own idea of this cell's credential; the caller's request may be fine here.
        FailureCode.TooLarge or FailureCode.Unauthenticated or FailureCode.Forbidden when target == AttemptTarget.Here => AttemptOutcome.FailedForGood,
        _ => AttemptOutcome.Failed,
    };

    private static AttemptStep AfterUnsure(in AttemptProgress progress, TimeSpan left)
    {
        var above = Find(progress, AttemptWhen.Unsure);
        if (above < 0) return End(AttemptAction.ReturnLatest, progress, IsFallback(progress) || (progress.Plan.EscalationLost && !progress.InHand));
        return Run(progress with { InHand = true }, above, left) ?? End(AttemptAction.ReturnLatest, progress, true);
    }

    private static TimeSpan Lesser(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>Whether another zone than the one the plan chose has answered in its place; another silo of the same zone is as good.</summary>
    private static bool IsFallback(in AttemptProgress progress)
    {
        var attempt = progress.Plan.Attempt(progress.Current);
        return attempt.When == AttemptWhen.Failed && attempt.Candidate.Zone != progress.Plan.Attempt(0).Candidate.Zone;
    }

    private static AttemptStep? Run(in AttemptProgress progress, int attempt, TimeSpan left)
    {
        if (attempt < 0) return null;
        var budget = Budget(progress.Plan, attempt, left);
        if (budget <= TimeSpan.Zero) return null;
        return new AttemptStep(AttemptAction.Run, progress with { Current = attempt, Tried = progress.Tried | Same(progress.Plan, attempt) }, budget, false);
    }

    private static AttemptStep End(AttemptAction action, in AttemptProgress progress, bool degraded) =>
        new(action, progress, TimeSpan.Zero, degraded || progress.Plan.Degraded);

    /// <summary>The first untried attempt of the kind; for an unsure answer only one in a zone above the current.</summary>
    private static int Find(in AttemptProgress progress, AttemptWhen when)
    {
        var plan = progress.Plan;
        for (var i = 0; i < plan.AttemptCount; i++)
        {
            var attempt = plan.Attempt(i);
            if (attempt.When != when || (progress.Tried >> i & 1) != 0) continue;
            if (when == AttemptWhen.Unsure && attempt.Candidate.Zone <= plan.Attempt(progress.Current).Candidate.Zone) continue;
            return i;
        }

        return -1;
    }

    /// <summary>Bits of every attempt at the same place: one candidate is asked once, whatever the reason.</summary>
    private static int Same(RoutePlan plan, int attempt)
    {
        var bits = 0;
        var candidate = plan.Attempt(attempt).Candidate;
        for (var i = 0; i < plan.AttemptCount; i++)
        {
            if (ReferenceEquals(plan.Attempt(i).Candidate, candidate)) bits |= 1 << i;
        }

        return bits;
    }
}
