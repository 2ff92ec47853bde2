using System.Runtime.CompilerServices;

namespace OrleansHybrid.Domain.Routing;

/// <summary>When an attempt's turn comes.</summary>
public enum AttemptWhen : byte
{
    First,

    /// <summary>The answer in hand is below the confidence floor.</summary>
    Unsure,

    /// <summary>What came before could not answer.</summary>
    Failed,
}

/// <summary>What a plan says of a zone.</summary>
public enum ZoneVerdictKind : byte
{
    /// <summary>Not judged: below the deciding zone, where no link leads.</summary>
    None,
    Chosen,
    Escalation,
    Fallback,
    Excluded,
}

/// <param name="Rule">The rule that put the attempt where it is.</param>
public readonly record struct PlannedAttempt(Candidate Candidate, AttemptWhen When, RuleCode Rule);

/// <param name="PredictedMs">Predicted p95 of zone and link, milliseconds; NaN when nothing is known of the zone.</param>
/// <param name="PredictedCostMicrousd">NaN when nothing is known of the zone.</param>
/// <param name="Measured">The prediction comes from what was measured lately; false: from the manifest's declaration.</param>
/// <param name="Warm">The zone's candidate is loaded and has answered.</param>
public readonly record struct ZoneVerdict(ZoneVerdictKind Kind, RuleCode Rule, double PredictedMs, double PredictedCostMicrousd, bool Measured = false, bool Warm = false);

/// <summary>What will be tried, in order, and what each zone's verdict was. One object, codes only: <see cref="PlanRenderer"/> turns it into sentences.</summary>
/// <remarks>Written by <see cref="RoutePlanner"/> alone and never changed afterwards.</remarks>
public sealed class RoutePlan
{
    internal EffectiveSettings Effective;
    private readonly PlanRequest request;
    private AttemptList attempts;
    private VerdictList verdicts;
    private RuleList infeasible;

    internal RoutePlan(in PlanRequest request, ZoneSnapshot snapshot, DateTimeOffset now) => (this.request, Snapshot, At) = (request, snapshot, now);

    public ref readonly PlanRequest Request => ref request;

    public RequestSignals Signals => request.Signals;

    /// <summary>When it was decided: links that just failed are judged by it.</summary>
    public DateTimeOffset At { get; }

    public ref readonly EffectiveSettings Settings => ref Effective;

    public int AttemptCount { get; private set; }

    /// <summary>The version that will answer; 0 when none was found.</summary>
    public int Version => Chosen?.Entry.Version ?? 0;

    /// <summary>Set when nothing can be tried.</summary>
    public FailureCode? Refusal { get; internal set; }

    /// <summary>The zone that the request would have gone to first cannot take it at this moment: any answer is a degraded one.</summary>
    public bool Degraded { get; internal set; }

    /// <summary>A zone that unsure answers would have gone to cannot take them at this moment.</summary>
    public bool EscalationLost { get; internal set; }

    /// <summary>Hard input would go to a higher zone first, were the mode <c>AUTO</c>.</summary>
    internal bool HardWouldMove { get; set; }

    /// <summary>What this silo's pressure takes from the request; <see cref="ShedKinds.Escalation"/> matters only if the answer is unsure.</summary>
    public ShedKinds Shed { get; internal set; }

    internal ZoneSnapshot Snapshot { get; }

    internal VersionIndex? Chosen { get; set; }

    public PlannedAttempt Attempt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)AttemptCount, nameof(index));
        return attempts[index];
    }

    public ZoneVerdict Verdict(Zone zone) => verdicts[(int)zone];

    /// <summary>Why the zone comes after every other that has no such rule (<c>latency</c>, <c>battery</c>), whether or not it may answer; none: it is feasible.</summary>
    public RuleCode Infeasible(Zone zone) => infeasible[(int)zone];

    internal void Add(Candidate candidate, AttemptWhen when, RuleCode rule)
    {
        if (AttemptCount < Limits.AttemptsPerPlanMax) attempts[AttemptCount++] = new PlannedAttempt(candidate, when, rule);
    }

    internal void Judge(Zone zone, ZoneVerdict verdict) => verdicts[(int)zone] = verdict;

    internal void Weigh(Zone zone, RuleCode rule) => infeasible[(int)zone] = rule;

    [InlineArray(Limits.AttemptsPerPlanMax)]
    private struct AttemptList
    {
        private PlannedAttempt first;
    }

    [InlineArray(3)]
    private struct VerdictList
    {
        private ZoneVerdict first;
    }

    [InlineArray(3)]
    private struct RuleList
    {
        private RuleCode first;
    }
}
