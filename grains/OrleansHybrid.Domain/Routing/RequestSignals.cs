namespace OrleansHybrid.Domain.Routing;

/// <summary>What is known of a request before it is planned, beyond what it asks. Part of the plan's input: the same signals and snapshot give the same plan.</summary>
/// <param name="Hard">How likely the input is a hard example, in [0, 1]; 0 without a signal. From <see cref="HardAt"/> on it counts as hard; a classifier's verdict is scaled so that its threshold is there.</param>
/// <param name="HardFrom">Who says so.</param>
/// <param name="Quota">What the tenant's quotas leave, where the request entered the farm.</param>
public readonly record struct RequestSignals(double Hard = 0, HardSource HardFrom = HardSource.None, QuotaState Quota = default)
{
    /// <summary>From this strength on a signal counts as hard input.</summary>
    public const double HardAt = 0.5;

    public bool IsHard => Hard >= HardAt;
}

/// <summary>Where a signal of hardness came from.</summary>
public enum HardSource : byte
{
    None,

    /// <summary>An explanation, a replay or a policy test assumed it.</summary>
    Request,

    /// <summary>The version's classifier.</summary>
    Classifier,
}
