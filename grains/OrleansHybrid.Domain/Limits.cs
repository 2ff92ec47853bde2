namespace OrleansHybrid.Domain;

/// <summary>Every bound of the system: unit in the name, reason and what happens at it in the doc. Nothing else in the code invents a bound.</summary>
public static class Limits
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

    /// <summary>A request without a deadline of its own gets this one, so that nothing waits for ever. The response timeout of grain calls is the same.</summary>
    public static readonly TimeSpan DeadlineMax = TimeSpan.FromMinutes(5);

    /// <summary>One ONNX file, in bytes: protobuf's own bound. A larger model keeps its weights in external files.</summary>
    public const long ModelFileBytesMax = 2L << 30;

    /// <summary>A manifest or policy file, in bytes. Above: refused at load, since YAML aliases can expand.</summary>
    public const int ManifestBytesMax = 1 << 20;

    /// <summary>Models, and versions of one model, in one repository. Above: the newest are kept out with an error; a snapshot holds them all.</summary>
    public const int ModelsPerRepositoryMax = 1000;
    public const int VersionsPerModelMax = 100;

    /// <summary>Rules in one policy: a plan evaluates those of its model within a microsecond. Above: refused with the reason.</summary>
    public const int RulesPerPolicyMax = 1000;

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

    /// <summary>Egress records kept in memory for reading; older ones are dropped. Owner: privacy office of the farm.</summary>
    public const int EgressRecordsMax = 10_000;
}
