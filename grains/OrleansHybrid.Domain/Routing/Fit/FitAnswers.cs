using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Domain.Routing.Fit;

/// <summary>What a team answers about one feature before anything is provisioned. Null and missing entries were not answered, and stay unknown.</summary>
/// <remarks>People write it as YAML or JSON; <c>docs/reference/schemas/fit.schema.json</c> states the form.</remarks>
public sealed record FitAnswers
{
    public string Feature { get; init; } = "";

    /// <summary>Who answers for the feature and can change its rules.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Empty: the one that is asked.</summary>
    public string Model { get; init; } = "";

    /// <summary>The lowest zone in which requests arrive: device with the SDK, else the regional cell's.</summary>
    public Zone ArrivesIn { get; init; }

    /// <summary>p95 of the whole answer, milliseconds.</summary>
    public int LatencyTargetMs { get; init; }

    /// <summary>The highest zone that the raw data may reach.</summary>
    public PrivacyCeiling Privacy { get; init; }

    /// <summary>How often the model changes; null: what the manifest says.</summary>
    public UpdateCadence? Updates { get; init; }

    public OfflineNeed? Offline { get; init; }

    public QualityWatch? Quality { get; init; }

    public SacredPriority? Sacred { get; init; }

    /// <summary>The most one answer may cost, micro-USD.</summary>
    public int? MaxCostMicrousd { get; init; }

    /// <summary>Raw input of one request, bytes.</summary>
    public int? InputBytes { get; init; }

    public double? RequestsPerDay { get; init; }

    public FitDevice Device { get; init; } = new();

    /// <summary>The links from where requests arrive to the zones above.</summary>
    public IReadOnlyDictionary<Zone, FitLink> Links { get; init; } = new Dictionary<Zone, FitLink>();

    /// <summary>Null: not answered; empty: none.</summary>
    public IReadOnlyList<ComplianceLimit>? Compliance { get; init; }

    public IReadOnlyDictionary<Zone, HostedBy> HostedBy { get; init; } = new Dictionary<Zone, HostedBy>();

    public FitRunning Runs { get; init; } = new();

    public FitDelivery Delivery { get; init; } = new();

    /// <summary>The ceiling that follows from the data and from the compliance limits.</summary>
    public PrivacyCeiling Ceiling =>
        Compliance?.Contains(ComplianceLimit.RegionBound) == true ? PrivacyCeilings.Lowest(Privacy, PrivacyCeiling.Edge) : Privacy;
}

/// <summary>One device of the fleet.</summary>
/// <param name="Count">Devices that run the feature.</param>
/// <param name="MemoryMib">Free for the model, MiB.</param>
/// <param name="BatteryWh">Capacity; 0: mains.</param>
/// <param name="BatteryPercent">The charge that devices commonly run at when the feature is used.</param>
/// <param name="Watts">Power while the model runs.</param>
/// <param name="RunMs">p95 of one run as the team measured it on the device, milliseconds.</param>
public sealed record FitDevice(
    int? Count = null, int? MemoryMib = null, double? BatteryWh = null, int? BatteryPercent = null, double? Watts = null, double? RunMs = null);

/// <summary>The link to one zone above, as it is expected in the field.</summary>
/// <param name="RoundTripMs">p95, milliseconds.</param>
/// <param name="Loss">Share of packets lost.</param>
/// <param name="BandwidthKbps">Upwards.</param>
/// <param name="OfflineShare">Share of the day without the link.</param>
public sealed record FitLink(double? RoundTripMs = null, double? Loss = null, double? BandwidthKbps = null, double? OfflineShare = null);

/// <summary>How the feature runs and is looked after.</summary>
/// <param name="StartupMs">The longest cold start that is acceptable, milliseconds.</param>
/// <param name="RunMs">The longest single run that is expected, milliseconds.</param>
public sealed record FitRunning(
    double? StartupMs = null,
    double? RunMs = null,
    HostControl? HostControl = null,
    LoadShape? Load = null,
    WarmState? Warm = null)
{
    /// <summary>Who patches the base layer of each zone; <c>nobody</c> is an answer too.</summary>
    public IReadOnlyDictionary<Zone, string> PatchedBy { get; init; } = new Dictionary<Zone, string>();

    public IReadOnlyDictionary<Zone, string> DebuggedBy { get; init; } = new Dictionary<Zone, string>();

    /// <summary>From the decision to the last host back on the version before, minutes.</summary>
    public IReadOnlyDictionary<Zone, double> RollbackMinutes { get; init; } = new Dictionary<Zone, double>();
}

/// <param name="WithinWeeks">When the feature must be out.</param>
public sealed record FitDelivery(double? WithinWeeks = null)
{
    public IReadOnlyDictionary<Zone, double> Weeks { get; init; } = new Dictionary<Zone, double>();
}
