using OrleansHybrid.Domain;

namespace OrleansHybrid.Silo.Admin;

/// <summary>One call between two boxes, and what happens when it fails.</summary>
/// <param name="Grain">The name of the grain interface at its end; empty: none. A test holds the list to the interfaces.</param>
/// <param name="Retries">Who tries again.</param>
/// <param name="Budget">How often, for how long, and out of what.</param>
internal sealed record ArrowView(string From, string To, string Grain, string Retries, string Budget);

/// <summary>One box of the farm, and who pays for it.</summary>
/// <param name="Price">The key of the policy's prices that it is paid by; empty: not priced.</param>
internal sealed record BoxView(string Box, string Pays, string Booked, string Price);

/// <summary>One place that keeps something.</summary>
/// <param name="State">The name of the grain's state in the cell's store; empty: memory or files. A test holds the list to the grains.</param>
/// <param name="Size">The most it holds, and what happens then.</param>
/// <param name="Age">When it goes by age; empty: it does not.</param>
internal sealed record StoreView(string Store, string State, string Keeps, string Size, string Age);

/// <summary>At every arrow: who retries. At every box: who pays. At every store: what expires. Written here, beside nothing else, and filled from <see cref="Limits"/>.</summary>
internal static class FarmMap
{
    private const string Nobody = "nobody";
    private const string NextRound = "the silo, at its next round";

    public static IReadOnlyList<ArrowView> Arrows { get; } =
    [
        new("app", "gateway", "", "the app", "429 and 503 say when (Retry-After); the farm never repeats what it answered"),
        new("gateway", "router", "IRouterGrain", Nobody, "the same silo; the request's own deadline"),
        new("router", "engine", "", "the router: another zone, when the plan has one", $"out of the request's deadline; {Limits.AttemptsPerPlanMax} attempts a plan, each place once"),
        new("router", "peer silo", "", "the router: its own engine, or the zone above", $"out of the request's deadline; one hop"),
        new("router", "cell above", "", "the router: a fallback, or the answer in hand", $"out of the request's deadline and cost; {Limits.HopsMax} cells at most"),
        new("link", "cell above (probe)", "", "the link", $"{Say(Limits.LinkCooldownMin)} after a failure, doubling to {Say(Limits.LinkCooldownMax)}, for ever"),
        new("silo", "counters of a version", "IModelVersionGrain", NextRound, $"each {Say(Limits.CounterFlushInterval)}, the same batch until it is answered; at the stop {Say(Limits.CounterFlushAtStopMax)}"),
        new("silo", "ledger of a tenant", "ILedgerGrain", NextRound, $"each {Say(Limits.LedgerBatchAge)}, the same batch until it is answered; at the stop {Say(Limits.CounterFlushAtStopMax)}"),
        new("silo", "quota of a tenant", "ILedgerGrain", NextRound, $"{Say(Limits.QuotaAnswerMax)} an answer, each {Say(Limits.QuotaRenewInterval)}; meanwhile the fail-safe"),
        new("silo", "directory of the ledger", "ILedgerDirectoryGrain", NextRound, $"when a tenant is met, and each {Say(Limits.LedgerAdmissionAge)}; what waits for it is kept"),
        new("silo", "shard of the fleet", "IFleetShardGrain", NextRound, $"each {Say(Limits.NodeHeartbeatInterval)}; a lost report is followed by the next"),
        new("silo", "twin of a node", "IEdgeNodeGrain", NextRound, $"each {Say(Limits.NodeHeartbeatInterval)}"),
        new("node", "fleet server of its cell", "", "the node", $"as the answer says ({Say(Limits.CheckInIntervalMin)} to {Say(Limits.CheckInIntervalMax)}); after a failure {Say(Limits.CheckInBackOffMin)}, doubling to {Say(Limits.CheckInIntervalMax)}, for ever"),
        new("region", "region at central", "IRegionGrain", NextRound, $"each {Say(Limits.RegionReportInterval)}, whole sums; a cut link is a pause"),
        new("silo", "turn to report upwards", "IUplinkGrain", NextRound, $"each {Say(Limits.RegionReportInterval)}; another silo takes the turn after {Say(Limits.RegionTurnMax)}"),
        new("silo", "fleet key, join tokens, revocations", "IFleetTrustGrain", NextRound, $"each {Say(Limits.FleetTrustRefreshInterval)}; meanwhile what is known holds"),
        new("silo", "API keys of the cell", "IApiKeyGrain", NextRound, $"each {Say(Limits.ApiKeyRefreshInterval)}; meanwhile the keys that are known hold"),
        new("silo", "policy of the cell", "IPolicyGrain", NextRound, $"each {Say(Limits.PolicyPollInterval)}; meanwhile the last good one holds"),
        new("silo", "documents of the cell", "IDocumentGrain", NextRound, $"each {Say(Limits.DocumentFollowInterval)}; meanwhile the verified ones on its own disk hold"),
        new("region", "documents of the cell above", "", "the region", $"a call waits {Say(Limits.DocumentPollMax)} at most; after a failure {Say(Limits.DocumentRetryMin)}, doubling to {Say(Limits.DocumentRetryMax)}, for ever; a cut link is a pause"),
        new("admin API", "catalogue entry of a model", "IModelGrain", "the silo, at its next round", $"a change that was stored and not published is published within {Say(Limits.DocumentFollowInterval)}"),
        new("silo", "audit log of the cell", "IAuditGrain", "the silo, under the same operation id", $"twice within {Say(Limits.AuditWriteMax)}, then the change is refused; {Limits.AuditWriteTries} tries when others write at the same time"),
        new("audit log of the cell", "segment of the audit log", "IAuditSegmentGrain", "whoever appends next", "a segment is stored before the log counts on it, so storing it again changes nothing"),
        new("grain", "store of the cell", "", "whoever called the grain", "the store's client tries no write twice; a failed write ends the activation or is written again"),
        new("scraper", "/metrics", "", "the scraper", "its own interval"),
    ];

    public static IReadOnlyList<BoxView> Boxes { get; } =
    [
        new("gateway, router", "the cell", "not priced; requests are counted under the tenant that sent them", ""),
        new("engine run", "the tenant whose request ran, also for a cell below", "compute_ms, energy_joule, money_microusd under the own zone", "compute_ms"),
        new("loaded model that waits", "nobody: tenant -", "idle_mib_hours, money_microusd", "loaded_mib_hour"),
        new("link to the cell above", "the tenant whose input went over it", "link_bytes, money_microusd under the zone it went to", "wan_kib"),
        new("cell above", "the tenant, in that cell's own ledger", "above_microusd here, as an estimate that no sum counts", "compute_ms"),
        new("peer silo", "the tenant, on the silo that ran it", "in the same ledger of the cell", "compute_ms"),
        new("energy", "the tenant whose runs used it", "energy_joule: measured where the machine has a meter, else declared", "watts"),
        new("store, probes, reports", "the cell", "not priced", ""),
    ];

    public static IReadOnlyList<StoreView> Stores { get; } =
    [
        new("counters of a version", "counters", "requests, outcomes, latency", $"one document; {Limits.CounterSourcesMax} silos remembered, the one silent longest goes", ""),
        new("ledger of a tenant", "ledger", "rows of hours, then of days", $"{Limits.LedgerRowsPerTenantMax} rows, the oldest are merged over models", $"hours {Say(Limits.LedgerHoursKept)}, days {Say(Limits.LedgerAgeMax)}"),
        new("quotas of a tenant", "quota", "what silos hold of the open windows", "three windows of a kind", "a window that ended"),
        new("directory of the ledger", "tenants", "names of tenants", $"{Limits.TenantsMax} tenants, more are booked under 'other'", $"a tenant not met for {Say(Limits.LedgerAgeMax)}"),
        new("twin of a node", "twin", "identity and last report", "one report a node", ""),
        new("region at central", "region", "last report, totals", $"{Limits.RegionTotalsMax} totals; {Limits.RegionEpochsMax} epochs of a version, the oldest are added up", ""),
        new("way upwards", "uplink", "the run of this region", $"{Limits.InstancePreviousMax} runs before it", ""),
        new("fleet trust of the cell", "fleet-trust", "fleet key, hashes of join tokens, revoked serials, names of regions", $"{Limits.JoinTokensMax} tokens, {Limits.RevokedSerialsMax} serials, {Limits.RegionsMax} regions; more are refused", $"an ended token after {Say(Limits.JoinTokenForgottenAfter)}"),
        new("shard of the fleet (memory)", "", "last reports", $"{Limits.NodesPerShardMax} nodes, new ones are refused", $"a node silent for {Say(Limits.NodeForgottenAfter)}"),
        new("API keys of the cell", "keys", "hashes of keys, never the keys", $"{Limits.ApiKeysMax} keys, more are refused", $"an ended key after {Say(Limits.ApiKeyForgottenAfter)}"),
        new("policies of the cell", "policies", "revisions with their text", $"{Limits.PolicyRevisionsMax} revisions, the oldest goes", ""),
        new("documents of the cell", "documents", "signed documents as they came, endorsements", $"{Limits.DocumentsMax} documents, {Limits.DocumentSetBytesMax >> 20} MiB; a new one is refused", $"told {Say(Limits.DocumentLifetime)} after it was signed; it goes on being served"),
        new("catalogue entry of a model", "model", "published versions and the policy over them", $"{Limits.VersionsPerModelMax} versions, more are refused", ""),
        new("audit log of the cell", "audit", "its end, and the entries since the last closed segment", $"{Limits.AuditEntriesMax} entries with the closed segments, the oldest segment goes", $"{Say(Limits.AuditAgeMax)}"),
        new("segment of the audit log", "audit-segment", "who changed what, when, why; never payload or secrets", $"{Limits.AuditSegmentEntries} entries", $"{Say(Limits.AuditAgeMax)}"),
        new("open uploads (disk)", "", "signature and file list of a version that is being pushed; its files are in the bundle store", $"{Limits.PushUploadsMax} at one time, more are refused", $"{Say(Limits.PushUploadAgeMax)}"),
        new("egress records (memory and disk)", "", "crossings of raw input, never the input", $"{Limits.EgressRecordsMax} in memory, {Limits.EgressBytesMax >> 20} MiB on disk, the oldest segment goes", $"{Say(Limits.EgressAgeMax)}"),
        new("decision records (memory and disk)", "", "plans and outcomes, never the input", $"{Limits.DecisionRecordsMax} in memory, {Limits.DecisionBytesMax >> 20} MiB on disk, the oldest segment goes", $"{Say(Limits.DecisionAgeMax)}"),
        new("measured latencies (memory)", "", "decaying sketches", "one for each loaded variant", $"{Say(Limits.LatencyWindow * 2)}"),
        new("tensor buffers (memory)", "", "freed buffers for the next request", $"{Limits.PooledTensorBytes >> 20} MiB, more go to the garbage collector", ""),
    ];

    /// <summary>A time in the unit a person would use.</summary>
    internal static string Say(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => $"{time.TotalDays:0.##} d",
        { TotalHours: >= 1 } => $"{time.TotalHours:0.##} h",
        { TotalMinutes: >= 1 } => $"{time.TotalMinutes:0.##} min",
        { TotalSeconds: >= 1 } => $"{time.TotalSeconds:0.##} s",
        _ => $"{time.TotalMilliseconds:0.##} ms",
    };
}
