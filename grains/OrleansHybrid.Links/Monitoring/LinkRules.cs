using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Links.Monitoring;

/// <summary>How a link's health moves. Pure: the caller keeps the next state, gives up connections when told, and probes when <see cref="ProbeDue"/> says so.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>A failed transport takes the link down at once; a call that merely takes long never does: only a probe without an answer does.</item>
/// <item>Silence while calls wait starts a probe. A caller that gives up does not end the silence, so short deadlines cannot hide a dead server.</item>
/// <item>A probe that failed is overruled by a call that was answered since the probe began.</item>
/// <item>A probe that this process was too late for says nothing: it is repeated at once, and counts as failed when that happens too often in a row.</item>
/// <item>Down ends only by a probe that was answered; the pauses between probes double, with jitter.</item>
/// <item>What an older generation of connections reports late changes nothing but the count of calls.</item>
/// <item>Cut ends only by Heal, and then the link has to prove itself by a probe.</item>
/// </list>
/// </remarks>
public static class LinkRules
{
    public static LinkStep Step(in LinkState state, in LinkEvent input, TimeSpan now, LinkTimings timings) => input.Kind switch
    {
        LinkEventKind.CallStarted => Stay(state with { InFlight = state.InFlight + 1, SilentSince = state.SilentSince ?? now }),
        LinkEventKind.CallGaveUp => Stay(OneLess(state)),
        LinkEventKind.CallAnswered => Stay(Answered(OneLess(state), input, now)),
        LinkEventKind.CallReset => Stay(Suspected(OneLess(state), input, now, timings)),
        LinkEventKind.CallBroken => IsCurrent(state, input) ? GoDown(OneLess(state), input, now, timings) : Stay(OneLess(state)),
        LinkEventKind.ProbeAnswered => Stay(ProbeAnswered(state, input, now)),
        LinkEventKind.ProbeFailed => ProbeFailed(state, input, now, timings),
        LinkEventKind.ProbeInconclusive => ProbeInconclusive(state, input, now, timings),
        LinkEventKind.Cut => Cut(state),
        LinkEventKind.Heal => Stay(state.Health == LinkHealth.Cut ? state with { Health = LinkHealth.Down, Failures = 0, ProbeDueWhenDown = now } : state),
        _ => Stay(state),
    };

    /// <summary>When the next probe is due; null: never.</summary>
    public static TimeSpan? ProbeDue(in LinkState state, LinkTimings timings)
    {
        if (state.Health == LinkHealth.Cut) return null;
        if (state.LateProbes > 0) return TimeSpan.Zero;
        if (state.Health == LinkHealth.Down) return state.ProbeDueWhenDown;
        var heartbeat = state.LastProbeAt == TimeSpan.MinValue ? TimeSpan.Zero : state.LastProbeAt + timings.Heartbeat;
        return state.SilentSince is { } since && since + timings.Silence < heartbeat ? since + timings.Silence : heartbeat;
    }

    /// <summary>Whether the event says that something was lost on a link in use, or that it came through; null when it says neither.</summary>
    /// <remarks>Connections that are given up take all their calls with them: that is one loss, since the rest are of an older generation.</remarks>
    public static bool? LossOf(in LinkState state, in LinkEvent input) => input.Kind switch
    {
        _ when !IsCurrent(state, input) => null,
        LinkEventKind.CallAnswered or LinkEventKind.ProbeAnswered => false,
        LinkEventKind.CallReset or LinkEventKind.CallBroken or LinkEventKind.ProbeFailed => true,
        _ => null,
    };

    private static LinkStep Stay(LinkState next) => new(next, false);

    private static LinkState OneLess(in LinkState state) => state with { InFlight = Math.Max(state.InFlight - 1, 0) };

    private static bool IsCurrent(in LinkState state, in LinkEvent input) => state.Usable && input.Generation == state.Generation;

    private static LinkState Answered(in LinkState state, in LinkEvent input, TimeSpan now) =>
        IsCurrent(state, input)
            ? state with { Health = LinkHealth.Up, Failures = 0, LateProbes = 0, LastAnswerAt = now, SilentSince = state.InFlight > 0 ? now : null }
            : state;

    private static LinkState Suspected(in LinkState state, in LinkEvent input, TimeSpan now, LinkTimings timings) =>
        IsCurrent(state, input) ? state with { SilentSince = now - timings.Silence } : state;

    private static LinkState ProbeAnswered(in LinkState state, in LinkEvent input, TimeSpan now) =>
        state.Health == LinkHealth.Cut || input.Generation != state.Generation
            ? state
            : state with { Health = LinkHealth.Up, Failures = 0, LateProbes = 0, LastProbeAt = now, SilentSince = state.InFlight > 0 ? now : null };

    private static LinkStep ProbeFailed(in LinkState state, in LinkEvent input, TimeSpan now, LinkTimings timings)
    {
        if (state.Health == LinkHealth.Cut || input.Generation != state.Generation) return Stay(state);
        if (state.Usable)
        {
            return state.LastAnswerAt > input.StartedAt ? Stay(state with { LateProbes = 0, LastProbeAt = now }) : GoDown(state, input, now, timings);
        }

        // Fresh connections for each try: a probe must not wait on one that is half open.
        var failures = state.Failures + 1;
        return new LinkStep(
            state with { Generation = state.Generation + 1, Failures = failures, LateProbes = 0, ProbeDueWhenDown = now + Cooldown(failures, input.Jitter, timings) }, true);
    }

    private static LinkStep ProbeInconclusive(in LinkState state, in LinkEvent input, TimeSpan now, LinkTimings timings)
    {
        if (state.Health == LinkHealth.Cut || input.Generation != state.Generation) return Stay(state);
        var overruled = state.Usable && state.LastAnswerAt > input.StartedAt;
        if (overruled || state.LateProbes >= Limits.LinkProbesLateMax) return ProbeFailed(state, input, now, timings);
        var again = state with { LateProbes = state.LateProbes + 1 };
        return state.Usable ? Stay(again) : new LinkStep(again with { Generation = state.Generation + 1 }, true);
    }

    private static LinkStep GoDown(in LinkState state, in LinkEvent input, TimeSpan now, LinkTimings timings) => new(
        state with
        {
            Health = LinkHealth.Down,
            Generation = state.Generation + 1,
            Failures = 0,
            LateProbes = 0,
            SilentSince = null,
            ProbeDueWhenDown = now + Cooldown(0, input.Jitter, timings),
        },
        true);

    private static LinkStep Cut(in LinkState state) => state.Health == LinkHealth.Cut
        ? Stay(state)
        : new LinkStep(state with { Health = LinkHealth.Cut, Generation = state.Generation + 1, LateProbes = 0, SilentSince = null }, true);

    private static TimeSpan Cooldown(int failures, double jitter, LinkTimings timings)
    {
        var doubled = timings.CooldownMin * Math.Pow(2, Math.Min(failures, 16));
        var bounded = doubled < timings.CooldownMax ? doubled : timings.CooldownMax;
        return bounded * (0.8 + (0.4 * jitter));
    }
}
