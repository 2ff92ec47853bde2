namespace OrleansHybrid.Domain;

/// <summary>Every bound of the system: unit in the name, reason and what happens at it in the doc. Nothing else in the code invents a bound.</summary>
public static partial class Limits
{
    /// <summary>Free tensor buffers kept for reuse, in bytes. More go to the garbage collector. Owner: whoever sizes the host.</summary>
    public const long PooledTensorBytes = 256L << 20;

    /// <summary>One request's body, in bytes; Kestrel's 30 MB and gRPC's 4 MiB are below what protocol clients send. Above: 413 or RESOURCE_EXHAUSTED.</summary>
    public const long RequestBytesMax = 256L << 20;

    /// <summary>Depth of a JSON body. Deeper: 400. Nested tensor data rarely passes 8.</summary>
    public const int JsonDepthMax = 128;

    /// <summary>Tensors in one request. More: 400. Real models stay under 64.</summary>
    public const int TensorsPerRequestMax = 1024;

    /// <summary>Dimensions of one tensor. More: 400. ONNX Runtime's own models stay under 8.</summary>
    public const int TensorRankMax = 32;

    /// <summary>Characters of a model, version, tensor or tag name. Longer: 400.</summary>
    public const int NameCharsMax = 256;

    /// <summary>Tags of one request. More: 400; each tag is matched against rules.</summary>
    public const int TagsPerRequestMax = 32;

    /// <summary>Requests waiting for one variant when its manifest says nothing. Above: 429 with Retry-After.</summary>
    public const int QueuePerVariantMax = 256;

    /// <summary>The longest that a load waits for room in the memory budget while all that could leave is in a run. Later: it is refused, with Retry-After for a request. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan MemoryWaitMax = TimeSpan.FromSeconds(10);

    /// <summary>A variant that could not be loaded again for a request is not tried again sooner: reading a large file for every request would take the disk from all others. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan ReloadRetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>A request without a deadline of its own gets this one, so that nothing waits for ever. The response timeout of grain calls is the same.</summary>
    public static readonly TimeSpan DeadlineMax = TimeSpan.FromMinutes(5);

    /// <summary>One ONNX file, in bytes: protobuf's own bound. A larger model keeps its weights in external files.</summary>
    public const long ModelFileBytesMax = 2L << 30;

    /// <summary>A version's classifier, in bytes: it is run before routing, so it is to cost next to nothing. Above: refused at load.</summary>
    public const int ClassifierFileBytesMax = 16 << 20;

    /// <summary>The longest that a request waits for its version's classifier, and the largest part of the time it has left. Later: it is routed without the signal, so a slow classifier costs little and refuses nothing.</summary>
    public static readonly TimeSpan ClassifierTimeMax = TimeSpan.FromMilliseconds(20);
    public const double ClassifierTimeShareMax = 0.25;

    /// <summary>A manifest or policy file, in bytes. Above: refused at load, since YAML aliases can expand.</summary>
    public const int ManifestBytesMax = 1 << 20;

    /// <summary>Probes of one version, and the bytes of each: they are run one after the other before the version serves. More: refused at load. Owner: whoever publishes the model.</summary>
    public const int VersionProbesMax = 32;
    public const int VersionProbeBytesMax = 4 << 20;

    /// <summary>One probe's run. Longer: the version is not served. Owner: whoever publishes the model.</summary>
    public static readonly TimeSpan VersionProbeTimeMax = TimeSpan.FromSeconds(30);

    /// <summary>Values (scalars, lists and maps) in one manifest, and how deep they nest. Above: refused at that place. A manifest of 16 variants has about 300, 4 deep.</summary>
    public const int ManifestNodesMax = 20_000;
    public const int ManifestDepthMax = 16;

    /// <summary>Errors of one manifest that are listed; the rest are counted. More than a person fixes in one go.</summary>
    public const int ManifestErrorsMax = 100;

    /// <summary>Inputs, and outputs, that one manifest may list, as in <see cref="TensorsPerRequestMax"/>. More: refused at load.</summary>
    public const int ManifestTensorsMax = 256;

    /// <summary>Variants of one version. More: refused at load; every plan weighs them all.</summary>
    public const int VariantsPerVersionMax = 16;

    /// <summary>A file of labels, in bytes, and the labels in it. Above: refused at load; they stay in memory.</summary>
    public const int LabelsFileBytesMax = 8 << 20;
    public const int LabelsMax = 200_000;

    /// <summary>A vocabulary of a pre-processing step, in bytes, and the tokens in it. Above: refused at load; it stays in memory. The largest public ones have 250,000 tokens in 5 MB.</summary>
    public const int VocabularyFileBytesMax = 16 << 20;
    public const int VocabularyTokensMax = 500_000;

    /// <summary>Tokens of one text, the first and the last included, that a manifest may ask for; and the fewest: one of the text itself. Outside: refused at load.</summary>
    public const int TextTokensMin = 3;
    public const int TextTokensMax = 8192;

    /// <summary>One text that is tokenised, in bytes. Longer: 413, since all of it is read before it is cut to its tokens (1 MiB: some 0.1 s), and no model looks at more than the first few KB.</summary>
    public const int TextBytesMax = 1 << 20;

    /// <summary>Tokens of all texts of one request: 4,096 texts of 256 tokens, 24 MiB for the graph. More: 413.</summary>
    public const int TokensPerRequestMax = 1 << 20;

    /// <summary>Requests of one variant whose texts are tokenised at the same time. More wait in its queue. A sentence takes 10 to 30 µs, so a few feed any number of runs, and one long text does not hold up the others.</summary>
    public const int TokenisedAtOnceMax = 4;

    /// <summary>Files of one version, folders below its own, and bytes of them all. Above: refused at load, since each byte is read and hashed.</summary>
    public const int FilesPerVersionMax = 5000;
    public const int VersionFolderDepthMax = 4;
    public const long VersionBytesMax = 64L << 30;

    /// <summary>Characters of a description or licence in a manifest. Longer: refused at load.</summary>
    public const int DescriptionCharsMax = 4096;

    /// <summary>Rows that may run together. More: refused at load; a batch that large gains nothing.</summary>
    public const int BatchRowsMax = 4096;

    /// <summary>How long the first request of a batch may be held for others, in microseconds. More: refused at load, since no latency target allows it.</summary>
    public const int BatchDelayMicrosecondsMax = 1_000_000;

    /// <summary>What a manifest may ask for as its queue's length. More: refused at load.</summary>
    public const int QueueSizeMax = 100_000;

    /// <summary>Memory (MiB) and latency (milliseconds) that a manifest may declare for a variant: 64 TiB, a day. More is a slip of units, and refused.</summary>
    public const int DeclaredMemoryMibMax = 64 << 20;
    public const int DeclaredLatencyMsMax = 86_400_000;

    /// <summary>Models, and versions of one model, in one repository. Above: the newest are kept out with an error; a snapshot holds them all.</summary>
    public const int ModelsPerRepositoryMax = 1000;
    public const int VersionsPerModelMax = 100;

    /// <summary>Rules in one policy: a plan evaluates those of its model within a microsecond. Above: refused with the reason.</summary>
    public const int RulesPerPolicyMax = 1000;

    /// <summary>Values (scalars, lists and maps) in one policy, or in one file of policy tests. Above: refused at that place. A policy of 1,000 rules has about 25,000.</summary>
    public const int PolicyNodesMax = 100_000;

    /// <summary>Names of private tags in one policy. More: refused; each is looked up for every request that leaves the zone. Owner: privacy office of the farm.</summary>
    public const int PrivateTagsMax = 100;

    /// <summary>Quotas in one policy. More: refused; each is counted in memory on every silo. Owner: whoever pays for the farm.</summary>
    public const int QuotasPerPolicyMax = 1000;

    /// <summary>Entries of a policy's shedding order. More: refused; the order is walked whenever a silo is under pressure.</summary>
    public const int ShedMax = 100;

    /// <summary>A price in a policy, micro-USD, and declared watts. More is a slip of units, and refused.</summary>
    public const double PriceMicrousdMax = 1e9;
    public const double DeclaredWattsMax = 100_000;

    /// <summary>Requests a minute, and micro-USD, that a policy may name: a billion, and a billion USD. More is a slip of units, and refused.</summary>
    public const long RequestsPerMinuteMax = 1_000_000_000;
    public const long MoneyMicrousdMax = 1_000_000_000_000_000;

    /// <summary>Revisions of its policy that a cell keeps, texts included. Above: the oldest is dropped, never the current one. Owner: whoever changes the policy.</summary>
    public const int PolicyRevisionsMax = 100;

    /// <summary>Characters of all those texts together. Above: the oldest is dropped, never the current one. They are one document in the cell's store.</summary>
    public const long PolicyStoreCharsMax = 8L << 20;

    /// <summary>How often a silo asks its cell for a newer policy. A change that one silo accepted binds on the others within this.</summary>
    public static readonly TimeSpan PolicyPollInterval = TimeSpan.FromSeconds(1);

    /// <summary>How often a silo looks at its policy file. A text is taken when two looks in a row see the same: a file half written may be a policy that lacks its last rules.</summary>
    public static readonly TimeSpan PolicyFilePollInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a start waits for the cell's stored policy. After it the silo serves what it has on its own disk, or refuses to start without any.</summary>
    public static readonly TimeSpan PolicyStartMax = TimeSpan.FromSeconds(10);

    /// <summary>Cases in one file of policy tests. More: refused; split the file.</summary>
    public const int PolicyTestsMax = 1000;

    /// <summary>Cells a request may pass on its way up. More: refused, since a chain that long is a loop.</summary>
    public const int HopsMax = 4;

    /// <summary>For how long a link that just failed is shown as cooling down, and after that as offline. It is used again when a probe succeeds, in either case.</summary>
    public static readonly TimeSpan LinkCooldown = TimeSpan.FromSeconds(5);

    /// <summary>A device with less charge, in percent, answers only what no other zone can. Owner: the device's user.</summary>
    public const int BatteryPercentMin = 20;

    /// <summary>Distinct compact reasons a policy keeps rendered. More are rendered each time; a policy in use has a few dozen.</summary>
    public const int ReasonsKeptMax = 4096;

    /// <summary>Attempts of one plan: peers, zones and the upstream. More are left out.</summary>
    public const int AttemptsPerPlanMax = 8;

    /// <summary>How often a silo's snapshot is rebuilt when nothing happened.</summary>
    public static readonly TimeSpan SnapshotInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>How often silos hand their counters to a version's grain. Lost at kill -9: one interval.</summary>
    public static readonly TimeSpan CounterFlushInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long a stopping silo tries to hand on its last counters. After it they are lost: less than one interval of counts, against an exit that hangs with the store.</summary>
    public static readonly TimeSpan CounterFlushAtStopMax = TimeSpan.FromSeconds(5);

    /// <summary>How often a version's grain writes its counters. Lost at kill -9: one interval; batches are counted once all the same, since counters and marks are one document.</summary>
    public static readonly TimeSpan CounterPersistInterval = TimeSpan.FromSeconds(10);

    /// <summary>Silos whose last batch a version's grain remembers. Above: the one silent longest is forgotten; a cell has far fewer.</summary>
    public const int CounterSourcesMax = 1000;

    /// <summary>Half the time that a measured latency counts in predictions: two windows of this length rotate.</summary>
    public static readonly TimeSpan LatencyWindow = TimeSpan.FromSeconds(30);

    /// <summary>How long a silo has to be under pressure before it sheds one entry more of the policy's list. Shorter than a caller's patience, longer than a burst that the queues are for.</summary>
    public static readonly TimeSpan PressureRiseAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a silo has to be at ease before it sheds one entry less, and the Retry-After of a tenant that is shed. Longer than the rise, so that the level does not flap.</summary>
    public static readonly TimeSpan PressureFallAfter = TimeSpan.FromSeconds(5);

    /// <summary>A thread pool that starts work this late counts as being at its bound: every answer of the silo waits as long.</summary>
    public static readonly TimeSpan PressurePoolLag = TimeSpan.FromMilliseconds(250);

    /// <summary>A wait for the engine of this length counts as being at its bound where the policy's defaults state no latency target.</summary>
    public static readonly TimeSpan PressureQueueWait = TimeSpan.FromSeconds(1);

    /// <summary>Half the time that a lost probe or call counts in a link's loss.</summary>
    public static readonly TimeSpan LinkLossHalfLife = TimeSpan.FromSeconds(30);

    /// <summary>Probes and calls, decayed, under which a link's loss is not told: a share of fewer says nothing.</summary>
    public const double LinkLossOutcomesMin = 10;

    /// <summary>The highest loss that predictions reckon with, so that a bad moment multiplies them by ten at most.</summary>
    public const double LinkLossMax = 0.9;

    /// <summary>API keys of one cell, ended ones included. More: refused until some are forgotten; each silo keeps them all in memory.</summary>
    public const int ApiKeysMax = 1000;

    /// <summary>How often a silo asks for changed keys: for so long a key that was revoked elsewhere in the cell may still be let in.</summary>
    public static readonly TimeSpan ApiKeyRefreshInterval = TimeSpan.FromSeconds(1);

    /// <summary>How often the keeper of a cell's keys looks at the store for what another keeper wrote; added to <see cref="ApiKeyRefreshInterval"/> while a cell has two of them.</summary>
    public static readonly TimeSpan ApiKeyRereadInterval = TimeSpan.FromSeconds(5);

    /// <summary>How coarse a key's last use is told, and how often uses are written.</summary>
    public static readonly TimeSpan ApiKeyUseInterval = TimeSpan.FromMinutes(1);

    /// <summary>A key that expired or was revoked longer ago leaves the list when a new one is made. Until then people can see what became of it.</summary>
    public static readonly TimeSpan ApiKeyForgottenAfter = TimeSpan.FromDays(90);

    /// <summary>How long a starting cell waits for its keys before it starts without them, refusing every API key until it has read them.</summary>
    public static readonly TimeSpan ApiKeyFirstReadMax = TimeSpan.FromSeconds(10);

    /// <summary>The body of an admin request, in bytes. Above: 413. A policy of a thousand rules takes a quarter of it.</summary>
    public const int AdminBodyBytesMax = 1 << 20;

    /// <summary>How often a node looks whether its report changed, and reports if so.</summary>
    public static readonly TimeSpan NodeReportInterval = TimeSpan.FromSeconds(1);

    /// <summary>How often a node reports when nothing changed.</summary>
    public static readonly TimeSpan NodeHeartbeatInterval = TimeSpan.FromSeconds(5);

    /// <summary>A report older than this is stale: three heartbeats missed. A stale node gets no requests from its peers.</summary>
    public static readonly TimeSpan NodeStaleAfter = TimeSpan.FromSeconds(15);

    /// <summary>A node silent for longer leaves the listing of its shard; its twin stays.</summary>
    public static readonly TimeSpan NodeForgottenAfter = TimeSpan.FromDays(1);

    /// <summary>Grains that share the listing of a cell's nodes, by hash of the key. Changing it moves nodes between them, so it is fixed.</summary>
    public const int FleetShards = 64;

    /// <summary>Nodes one shard lists. Above: new ones are refused with the reason; 64 shards hold a million.</summary>
    public const int NodesPerShardMax = 16_384;

    /// <summary>Rows of one page of a listing. More are cut; the page says where to go on.</summary>
    public const int PageRowsMax = 1000;

    /// <summary>How long Ctrl-C waits for requests in flight before it stops them.</summary>
    public static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(30);

    /// <summary>How long a silo may take to leave its cluster once its requests are done; a hung store would hold it for minutes.</summary>
    public static readonly TimeSpan SiloStopMax = TimeSpan.FromSeconds(15);

    /// <summary>Clients to peer silos of one cell. Above: the one that was idle longest is closed. A cell of more silos than this still works, with more reconnects.</summary>
    public const int PeerLinksMax = 64;

    /// <summary>A client to a peer that was not asked for this long is closed: the silo may be gone.</summary>
    public static readonly TimeSpan PeerLinkIdleMax = TimeSpan.FromMinutes(5);

    /// <summary>Connecting (TLS included) to an upstream takes at most this. Longer: the link is down. Five round trips of a slow WAN.</summary>
    public static readonly TimeSpan LinkConnectMax = TimeSpan.FromMilliseconds(500);

    /// <summary>Calls are out and nothing came back for this long: the link is probed. With <see cref="LinkProbeMax"/> it keeps the notice of a dead link under a second.</summary>
    public static readonly TimeSpan LinkSilenceMax = TimeSpan.FromMilliseconds(300);

    /// <summary>A probe without an answer for this long counts as failed. Long enough for a server that a full collection or a busy core stalls.</summary>
    public static readonly TimeSpan LinkProbeMax = TimeSpan.FromMilliseconds(600);

    /// <summary>A probe that ended without an answer later than so many times <see cref="LinkProbeMax"/> says that this process was starved, and nothing of the link.</summary>
    public const double LinkProbeLateFactor = 1.5;

    /// <summary>Late probes in a row that are repeated at once. The next one counts as failed: a host that is always late must still notice a dead link.</summary>
    public const int LinkProbesLateMax = 2;

    /// <summary>A link that works is probed this often, for its round trip and so that an idle one is not found dead by a caller.</summary>
    public static readonly TimeSpan LinkHeartbeat = TimeSpan.FromSeconds(1);

    /// <summary>The first and the longest pause before a dead link is probed again; it doubles in between.</summary>
    public static readonly TimeSpan LinkCooldownMin = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan LinkCooldownMax = TimeSpan.FromSeconds(5);

    /// <summary>How long a cell that just started says nothing of a cell above that it has not heard yet: the cells of a farm start together. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan LinkFirstContactMax = TimeSpan.FromSeconds(10);

    /// <summary>Round trips kept per link for its p95.</summary>
    public const int LinkSamplesMax = 64;

    /// <summary>A connection to an upstream is made anew after this long, so that a change of DNS is followed.</summary>
    public static readonly TimeSpan LinkConnectionAgeMax = TimeSpan.FromMinutes(5);

    /// <summary>A connection to an upstream that carries nothing for this long is closed.</summary>
    public static readonly TimeSpan LinkConnectionIdleMax = TimeSpan.FromMinutes(1);

    /// <summary>HTTP/2 pings while calls are out, and how long their answer may take: the runtime allows no shorter one.</summary>
    public static readonly TimeSpan LinkPingInterval = TimeSpan.FromSeconds(1);

    /// <summary>Priority levels of a variant's queue: 1 is first. A request with 0, or above the last level, gets <see cref="PriorityDefault"/>, as in Triton.</summary>
    public const int PriorityLevels = 8;

    public const int PriorityDefault = 4;

    /// <summary>Instances of one variant: runs in flight at once, each on a thread of its own. More: taken down to it, since threads beyond the cores only wait.</summary>
    public const int InstancesPerVariantMax = 64;

    /// <summary>Threads inside one run. More: taken down to it.</summary>
    public const int IntraOpThreadsMax = 64;

    /// <summary>Shortest and longest Retry-After of a full queue; between them it is the measured time to work the queue off.</summary>
    public static readonly TimeSpan RetryAfterMin = TimeSpan.FromMilliseconds(10);
    public static readonly TimeSpan RetryAfterMax = TimeSpan.FromSeconds(60);

    /// <summary>Characters of a failed run's reason that a caller is shown. Longer: cut.</summary>
    public const int ModelErrorCharsMax = 300;

    /// <summary>Bytes of one warm-up tensor. A graph that asks for more with its free dimensions at 1 is not warmed up.</summary>
    public const long WarmUpTensorBytesMax = 256L << 20;

    /// <summary>How long stopping waits for runs that were told to end. ONNX Runtime looks between nodes only; a longer node is left behind.</summary>
    public static readonly TimeSpan TerminateMax = TimeSpan.FromSeconds(2);

    /// <summary>How often a silo hands its ledger on. Lost at kill -9: one batch of this age. Owner: finance.</summary>
    public static readonly TimeSpan LedgerBatchAge = TimeSpan.FromSeconds(1);

    /// <summary>Requests, and runs, that kill -9 loses at most while the store takes batches: at half of it a batch is sent before its time. Owner: finance.</summary>
    public const int LedgerBatchRequestsMax = 1000;

    /// <summary>How often the idle time of loaded models is booked. Lost at kill -9: one interval. Longer than a batch's age, so that an idle cell does not write every second.</summary>
    public static readonly TimeSpan LedgerIdleInterval = TimeSpan.FromSeconds(10);

    /// <summary>How long hours of the ledger are kept apart before they are merged into days.</summary>
    public static readonly TimeSpan LedgerHoursKept = TimeSpan.FromDays(2);

    /// <summary>Age of the oldest day of the ledger: a year and a month to compare it with. Older rows are dropped. Owner: finance.</summary>
    public static readonly TimeSpan LedgerAgeMax = TimeSpan.FromDays(400);

    /// <summary>Rows of one tenant's ledger: with each batch they are written whole. Above: the oldest are merged over models. Days over zones alone take 1,200.</summary>
    public const int LedgerRowsPerTenantMax = 2000;

    /// <summary>Distinct rows that one silo counts for one tenant between two batches. Above: they are booked under the model <c>other</c>.</summary>
    public const int LedgerCountersPerTenantMax = 500;

    /// <summary>Tenants with a ledger of their own in one cell. Above: booked under <c>other</c>, with an alarm. Owner: finance.</summary>
    public const int TenantsMax = 1000;

    /// <summary>How often a silo asks again whether a tenant has its place in the ledger's directory.</summary>
    public static readonly TimeSpan LedgerAdmissionAge = TimeSpan.FromDays(1);

    /// <summary>Half the time over which the cost of 1,000 requests is measured: two windows of this length rotate.</summary>
    public static readonly TimeSpan LedgerCostWindow = TimeSpan.FromMinutes(5);

    /// <summary>How often a silo looks whether its parts of quotas run low. One that does is asked for at once.</summary>
    public static readonly TimeSpan QuotaRenewInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long before a window ends a silo asks for its part of the next one.</summary>
    public static readonly TimeSpan QuotaAhead = TimeSpan.FromSeconds(10);

    /// <summary>A silo without requests of a tenant holds this part of its quota (1 in so many), and goes on credit of as much before its first answer. Owner: finance.</summary>
    public const int QuotaSmallPart = 64;

    /// <summary>Money is leased to silos in parts of 1 in so many of the day's. A silo that dies takes one with it until the day ends. Owner: finance.</summary>
    public const int QuotaMoneyPart = 32;

    /// <summary>A part holds at least so many of the dearest request seen.</summary>
    public const int QuotaUsesHeld = 8;

    /// <summary>How long a silo waits for its part of a quota before it goes by its fail-safe.</summary>
    public static readonly TimeSpan QuotaAnswerMax = TimeSpan.FromSeconds(2);

    /// <summary>Retry-After where a silo's part is used up and the quota is not.</summary>
    public static readonly TimeSpan QuotaRetrySoon = TimeSpan.FromSeconds(1);

    /// <summary>Runs of one variant behind a fit worksheet's figures. More gain no digit that anybody decides by. Owner: whoever runs the cell.</summary>
    public const int FitRunsMax = 50;

    /// <summary>How long the runs of one variant may take altogether. After it the runs that ended count; a variant of which none did stays untimed. Owner: whoever runs the cell.</summary>
    public static readonly TimeSpan FitRunTimeMax = TimeSpan.FromSeconds(2);

    /// <summary>Bytes of one made-up input for those runs. Expected inputs that are larger are timed at this size. Owner: whoever runs the cell.</summary>
    public const int FitInputBytesMax = 16 << 20;

    /// <summary>Worksheets that one silo computes at once. More: 429; their runs would time each other. Owner: whoever runs the cell.</summary>
    public const int FitsAtOnceMax = 1;

    /// <summary>What a feature's answers may say of volume, battery, bandwidth and times: a trillion requests a day, a megawatt-hour, a terabit a second, a year, ten years. More is a slip of units, and refused.</summary>
    public const double FitRequestsPerDayMax = 1e12;
    public const double FitBatteryWhMax = 1e6;
    public const double FitBandwidthKbpsMax = 1e9;
    public const double FitMinutesMax = 366 * 24 * 60;
    public const double FitWeeksMax = 520;
}
