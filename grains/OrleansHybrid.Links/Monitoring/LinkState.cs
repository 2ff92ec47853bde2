using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Links.Monitoring;

/// <summary>What <see cref="LinkRules"/> knows of a link. Times are distances from the monitor's start, on a clock that never jumps.</summary>
/// <param name="Generation">Grows when connections are given up. A failure of an older generation says nothing about this one.</param>
/// <param name="InFlight">Calls that are out, of any generation.</param>
/// <param name="Failures">Probes that failed in a row while down.</param>
/// <param name="SilentSince">When the oldest wait began that nothing has answered; null when nobody waits. A call that gives up does not end it.</param>
/// <param name="LastAnswerAt">When a call was answered last.</param>
/// <param name="LastProbeAt">When a probe ended last.</param>
/// <param name="ProbeDueWhenDown">When a dead link is probed next.</param>
/// <param name="LateProbes">Probes in a row that this process was too late for: their lack of an answer says nothing.</param>
public readonly record struct LinkState(
    LinkHealth Health,
    long Generation,
    int InFlight,
    int Failures,
    TimeSpan? SilentSince,
    TimeSpan LastAnswerAt,
    TimeSpan LastProbeAt,
    TimeSpan ProbeDueWhenDown,
    int LateProbes = 0)
{
    public static LinkState Initial { get; } = new(LinkHealth.Unknown, 0, 0, 0, null, TimeSpan.MinValue, TimeSpan.MinValue, TimeSpan.Zero);

    public bool Usable => Health is LinkHealth.Unknown or LinkHealth.Up;
}

public enum LinkEventKind
{
    CallStarted,

    /// <summary>The server answered, with a result or an error of its own.</summary>
    CallAnswered,

    /// <summary>The caller gave up before an answer: cancelled, or its deadline passed.</summary>
    CallGaveUp,

    /// <summary>The server ended this one call without an answer; the connection may live.</summary>
    CallReset,

    /// <summary>The transport failed: refused, reset, not connected in time.</summary>
    CallBroken,
    ProbeAnswered,
    ProbeFailed,

    /// <summary>A probe without an answer whose time-out fired much later than asked: this process was starved.</summary>
    ProbeInconclusive,
    Cut,
    Heal,
}

/// <param name="Generation">Of the connections that the call or probe used.</param>
/// <param name="StartedAt">When the probe began.</param>
/// <param name="Jitter">In [0, 1): spreads the next cooldown.</param>
public readonly record struct LinkEvent(LinkEventKind Kind, long Generation = 0, TimeSpan StartedAt = default, double Jitter = 0.5);

/// <param name="GivesUpConnections">Calls in flight are failed over at once and connections are made anew.</param>
public readonly record struct LinkStep(LinkState Next, bool GivesUpConnections);
