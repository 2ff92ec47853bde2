namespace OrleansHybrid.Domain;

/// <summary>Who answers for each bound of <see cref="Limits"/>: whom to ask before it is changed, and who looks when it is hit.</summary>
/// <remarks>By the longest beginning of the name. A bound whose documentation says <c>Owner:</c> names its own; a test counts that every one has one.</remarks>
public static class LimitOwners
{
    public const string Cell = "whoever runs the cell";
    public const string Models = "whoever publishes the model";
    public const string Policy = "whoever changes the policy";
    public const string Finance = "finance";
    public const string Privacy = "privacy office of the farm";
    public const string Product = "the maintainers of OrleansHybrid";
    public const string Callers = "the app's developers";
    public const string Device = "the device's user";

    private static readonly (string Begins, string Owner)[] ByName =
    [
        ("AdminBody", Cell), ("ApiKey", Cell), ("Attempts", Product), ("Batch", Models), ("Battery", Device), ("Caller", Callers), ("CheckIn", Cell), ("Classifier", Models), ("Cluster", Callers),
        ("Counter", Product), ("Deadline", Cell), ("Decision", Cell), ("DeclaredWatts", Policy), ("Declared", Models), ("Deferred", Callers), ("Description", Models),
        ("Device", Callers), ("Document", Cell), ("Drain", Cell), ("Egress", Privacy), ("Embed", Models), ("Files", Models), ("Fit", Product), ("Fleet", Product), ("Graph", Models),
        ("Hops", Product), ("InstancePrevious", Product), ("InstanceQuiet", Cell), ("Instances", Models), ("IntraOp", Models), ("JoinToken", Cell), ("Json", Product), ("Labels", Models), ("Latency", Product), ("Ledger", Finance),
        ("Link", Cell), ("Manifest", Models), ("Metered", Device), ("ModelError", Product), ("ModelFile", Models), ("Models", Cell), ("Money", Policy), ("Name", Product),
        ("Node", Cell), ("Page", Product), ("Peer", Cell), ("Policy", Policy), ("Poll", Callers), ("Pooled", Cell), ("Pressure", Cell), ("Price", Policy),
        ("Priority", Product), ("PrivateTags", Privacy), ("Queue", Models), ("Quota", Finance), ("Reasons", Product), ("Record", Cell), ("Region", Cell), ("RevokedSerials", Cell), ("Replay", Cell), ("RequestsPerMinute", Policy),
        ("Request", Cell), ("Retry", Product), ("Rules", Policy), ("Sample", Callers), ("Shed", Policy), ("Silo", Cell), ("Snapshot", Product), ("TagsPer", Product),
        ("Tenants", Finance), ("Tensor", Product), ("Terminate", Product), ("Text", Models), ("Tokenised", Cell), ("Tokens", Models), ("Trial", Product),
        ("Variant", Models), ("Version", Models), ("Vocabulary", Models), ("WarmUp", Models), ("Wav", Callers),
    ];

    /// <summary>Null for a bound that nobody answers for.</summary>
    /// <param name="documentation">Its summary; <c>Owner: …</c> at the end names the owner.</param>
    public static string? Of(string limit, string documentation)
    {
        var said = documentation.LastIndexOf("Owner: ", StringComparison.Ordinal);
        if (said >= 0) return documentation[(said + "Owner: ".Length)..].TrimEnd('.');
        return ByName.Where(o => limit.StartsWith(o.Begins, StringComparison.Ordinal)).OrderByDescending(o => o.Begins.Length).Select(o => o.Owner).FirstOrDefault();
    }
}
