using System.Runtime.CompilerServices;

namespace OrleansHybrid.Domain.Routing;

/// <summary>What the hard rules left of one zone.</summary>
internal struct ZoneChoice
{
    /// <summary>Null when the zone is excluded and nothing is known of it.</summary>
    public Candidate? Best;

    /// <summary>Tried when <see cref="Best"/> failed, before another zone is.</summary>
    public Candidate? Second;

    /// <summary>None: the zone is eligible.</summary>
    public RuleCode Excluded;

    public double PredictedMs;
    public double CostMicrousd;

    /// <summary>Why it comes after every zone without such a rule: <c>latency</c>, <c>battery</c> or <c>metered</c>.</summary>
    public RuleCode Infeasible;

    public readonly bool Eligible => Best is not null && Excluded.IsNone;

    public readonly ZoneVerdict Verdict(ZoneVerdictKind kind, RuleCode rule) =>
        new(kind, rule, PredictedMs, CostMicrousd, Best is { Measured: true }, Best is { Warm: true });
}

[InlineArray(3)]
internal struct ZoneChoices
{
    private ZoneChoice first;
}
