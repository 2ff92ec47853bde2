using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Routing.Fit;

/// <summary>What the worksheet's own questions are held against: those that the planner has no rule for. One table; nothing else in the worksheet invents a threshold.</summary>
public static class FitThresholds
{
    /// <summary>Share of a device's battery that one day of the feature may take. More: users see it in their battery statistics.</summary>
    public const double EnergyShareMax = 0.05;

    /// <summary>Share of packets lost. More: retransmissions make any p95 over the link a guess.</summary>
    public const double LossMax = 0.05;

    /// <summary>Share of the day without the link where everything must work offline. More than none: the zone above it cannot be what the feature stands on.</summary>
    public const double OfflineShareMax = 0;

    /// <summary>Share of a link's bandwidth that the feature's inputs may take at the busiest time. More: it pushes others, and itself, into the queue.</summary>
    public const double LinkUseMax = 0.2;

    /// <summary>The busiest minute of a steady, and of a bursty, load against the day's average.</summary>
    public const double SteadyPeak = 2;

    /// <inheritdoc cref="SteadyPeak"/>
    public const double BurstyPeak = 10;

    /// <summary>Share of the time between two versions that fetching one may take. More: nodes are always behind.</summary>
    public const double UpdateFetchShareMax = 0.1;

    /// <summary>Share of a host's cores that the feature may keep busy at the busiest time. More: queues grow faster than they empty.</summary>
    public const double BusyShareMax = 0.5;

    /// <summary>Share of a host's memory that a model which stays loaded may take. More: it is the first thing the host takes away.</summary>
    public const double WarmMemoryShareMax = 0.25;

    /// <summary>The longest single run, milliseconds. A device that computes longer gets hot and slow; an edge host blocks its few cores; the cloud's bound is the longest deadline.</summary>
    public static double RunMsMax(Zone zone) => zone switch
    {
        Zone.Device => 2_000,
        Zone.Edge => 30_000,
        _ => Limits.DeadlineMax.TotalMilliseconds,
    };

    /// <summary>From the decision to the last host back on the version before, minutes. Devices check in when they can.</summary>
    public static double RollbackMinutesMax(Zone zone) => zone == Zone.Device ? 24 * 60 : 60;

    /// <summary>How much of the host a feature can decide in each zone: a device is its user's.</summary>
    public static HostControl ControlOf(Zone zone, HostedBy? hostedBy) => zone switch
    {
        Zone.Device => HostControl.None,
        _ when hostedBy == HostedBy.ThirdParty => HostControl.Some,
        _ => HostControl.Full,
    };

    /// <summary>Versions a day by cadence; a continuous model counts as one every five minutes.</summary>
    public static double VersionsPerDay(UpdateCadence cadence) => cadence switch
    {
        UpdateCadence.Yearly => 1 / 365.0,
        UpdateCadence.Monthly => 1 / 30.0,
        UpdateCadence.Weekly => 1 / 7.0,
        UpdateCadence.Daily => 1,
        UpdateCadence.Hourly => 24,
        UpdateCadence.Continuous => 288,
        _ => 0,
    };
}
