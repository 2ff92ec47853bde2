namespace OrleansHybrid.Links.Upstreams;

/// <summary>The protocol's parameters and metadata between zones. <c>mode</c> is not among them: where to compute was settled below.</summary>
public static class WireNames
{
    public const string Privacy = "privacy";
    public const string ConfidenceFloor = "confidence_floor";
    public const string MaxCostMicrousd = "max_cost_microusd";
    public const string TagPrefix = "tag_";

    /// <summary>Triton's: what is left of the deadline, microseconds.</summary>
    public const string Timeout = "timeout";
    public const string Priority = "priority";

    public const string Label = "label";
    public const string Zone = "zone";
    public const string Cell = "cell";
    public const string Node = "node";
    public const string Variant = "variant";
    public const string ModelDigest = "model_digest";
    public const string PolicyRevision = "policy_revision";
    public const string Confidence = "confidence";
    public const string Escalated = "escalated";
    public const string Degraded = "degraded";
    public const string Reason = "reason";

    /// <summary>Metadata: the cells passed, oldest first, separated by commas, each percent-encoded.</summary>
    public const string HopsHeader = "hybrid-hops";

    /// <summary>Metadata: who pays, percent-encoded.</summary>
    public const string TenantHeader = "hybrid-tenant";
    public const string TraceParentHeader = "traceparent";
    public const string ServerTimingHeader = "server-timing";
}
