namespace OrleansHybrid.Domain.Routing;

/// <summary>Cases that a policy must pass, and the farm on paper that they are planned against.</summary>
public sealed record PolicyTestConfig(PolicyTestFarm Farm, IReadOnlyList<PolicyTestCase> Tests);

/// <summary>The links of that farm, milliseconds at p95 for a round trip; every variant is loaded where its manifest wants it.</summary>
/// <param name="DeviceCloudMs">Null: a device reaches the cloud through the edge alone, as the SDK does.</param>
/// <param name="MemoryMib">Of the deciding host, MiB; 0: enough for everything.</param>
public sealed record PolicyTestFarm(double DeviceEdgeMs = 10, double EdgeCloudMs = 30, double? DeviceCloudMs = null, double MemoryMib = 0)
{
    public IReadOnlyList<TrialLink> LinksFrom(Zone zone) => zone switch
    {
        Zone.Device when DeviceCloudMs is { } direct => [Link(Zone.Edge, DeviceEdgeMs), Link(Zone.Cloud, direct)],
        Zone.Device => [Link(Zone.Edge, DeviceEdgeMs)],
        Zone.Edge => [Link(Zone.Cloud, EdgeCloudMs)],
        _ => [],
    };

    private static TrialLink Link(Zone to, double roundTripMs) => new(to, LinkHealth.Up, roundTripMs);
}

/// <summary>One case: a request, and what must come of it.</summary>
public sealed record PolicyTestCase(string Name, PolicyTestGiven Given, PolicyTestExpect Expect);

/// <summary>The request, and the state of the farm it meets.</summary>
/// <param name="InputBytes">Raw tensor bytes; null: one row of the model's inputs.</param>
/// <param name="ArrivedIn">The zone that decides.</param>
/// <param name="Hard">What the classifier would say, in [0, 1].</param>
/// <param name="MoneyLeftMicrousd">What the tenant's quota leaves for today; null: no such quota.</param>
/// <param name="Assume">As for an explanation: a zone <c>down</c>, <c>slow</c> or <c>up</c>, or <c>battery_percent</c>.</param>
public sealed record PolicyTestGiven(
    string Model,
    int? Version,
    string Tenant,
    RouteParameters Parameters,
    long? InputBytes,
    Zone ArrivedIn,
    double Hard,
    double? MoneyLeftMicrousd,
    IReadOnlyDictionary<string, string> Assume);

/// <summary>What must come of it; null where the case says nothing.</summary>
/// <param name="Zone">Where it is answered first.</param>
/// <param name="Excluded">Zones that must be ruled out, each with the rule that does it.</param>
/// <param name="EscalatesTo">Where an unsure answer goes first; <c>none</c>: nowhere.</param>
/// <param name="Privacy">The effective ceiling.</param>
/// <param name="Rule">The rule that chose the first zone.</param>
/// <param name="Refused">Whether nothing can answer.</param>
/// <param name="CostAtMostMicrousd">Predicted, of the first answer and every escalation together.</param>
/// <param name="LatencyAtMostMs">Predicted p95 of the first answer.</param>
public sealed record PolicyTestExpect(
    string? Zone,
    IReadOnlyDictionary<string, string> Excluded,
    string? EscalatesTo,
    string? Privacy,
    string? Rule,
    bool? Refused,
    double? CostAtMostMicrousd,
    double? LatencyAtMostMs)
{
    /// <summary>The word for "nowhere".</summary>
    public const string Nowhere = "none";
}
