namespace OrleansHybrid.Domain.Routing.Fit;

/// <summary>What must still work when no zone above can be reached.</summary>
public enum OfflineNeed
{
    Nothing,

    /// <summary>The common cases: hard ones may wait for the zone above.</summary>
    Common,
    Everything,
}

/// <summary>How the quality of answers is watched where they are given.</summary>
public enum QualityWatch
{
    None,
    Feedback,

    /// <summary>The share of answers under the confidence floor.</summary>
    Confidence,

    /// <summary>How often the answer is the reference's.</summary>
    Agreement,
    Labels,
}

/// <summary>The one thing that is not traded away.</summary>
public enum SacredPriority
{
    Latency,
    Cost,
    Control,
    Delivery,
}

public enum ComplianceLimit
{
    /// <summary>Raw data stays in its region.</summary>
    RegionBound,

    /// <summary>Raw data is on no host that somebody else runs.</summary>
    NoThirdParty,
}

public enum HostedBy
{
    Own,
    ThirdParty,
}

/// <summary>How much of the host the feature needs to decide: drivers, kernel, accelerators.</summary>
public enum HostControl
{
    None,
    Some,
    Full,
}

public enum LoadShape
{
    Steady,
    Bursty,
}

public enum WarmState
{
    /// <summary>A cold start now and then is fine.</summary>
    None,

    /// <summary>The model stays loaded.</summary>
    Kept,
}

/// <summary>The words that people write for each answer, in the order of the enum.</summary>
public static class FitWords
{
    public static IReadOnlyList<string> Offline { get; } = ["nothing", "common", "everything"];

    public static IReadOnlyList<string> Quality { get; } = ["none", "feedback", "confidence", "agreement", "labels"];

    public static IReadOnlyList<string> Sacred { get; } = ["latency", "cost", "control", "delivery"];

    public static IReadOnlyList<string> Compliance { get; } = ["region_bound", "no_third_party"];

    public static IReadOnlyList<string> HostedBy { get; } = ["own", "third_party"];

    public static IReadOnlyList<string> HostControl { get; } = ["none", "some", "full"];

    public static IReadOnlyList<string> Load { get; } = ["steady", "bursty"];

    public static IReadOnlyList<string> Warm { get; } = ["none", "kept"];

    /// <summary>The answer to who patches or debugs a zone that counts as a no.</summary>
    public const string Nobody = "nobody";
}
