using OrleansHybrid.Domain;

namespace OrleansHybrid.Links.Monitoring;

/// <summary>How patient a link is. The defaults are the bounds in <see cref="Limits"/> of the same names.</summary>
/// <param name="Silence">Calls are out and nothing came back for this long: probe.</param>
/// <param name="ProbeTimeout">A probe without an answer for this long has failed. <paramref name="Silence"/> and this together bound the notice of a dead link.</param>
/// <param name="Heartbeat">Pause between probes of a link that works.</param>
/// <param name="CooldownMin">First pause before a dead link is probed; doubles up to <paramref name="CooldownMax"/>, each ± 20 %.</param>
public sealed record LinkTimings(
    TimeSpan ConnectTimeout,
    TimeSpan Silence,
    TimeSpan ProbeTimeout,
    TimeSpan Heartbeat,
    TimeSpan CooldownMin,
    TimeSpan CooldownMax)
{
    public static LinkTimings Default { get; } = new(
        Limits.LinkConnectMax, Limits.LinkSilenceMax, Limits.LinkProbeMax, Limits.LinkHeartbeat, Limits.LinkCooldownMin, Limits.LinkCooldownMax);
}
