namespace OrleansHybrid.Domain.Routing;

/// <summary>A policy as people write it: names and values are text until <see cref="PolicyCompiler"/> has checked them all.</summary>
public sealed record PolicyConfig
{
    /// <summary>The policy's name.</summary>
    public string Policy { get; init; } = "";

    /// <summary>Grows with every change, from 1.</summary>
    public long Revision { get; init; }

    /// <summary>Prices by zone name, in millionths of a US dollar.</summary>
    public IReadOnlyDictionary<string, PriceConfig> Prices { get; init; } = new Dictionary<string, PriceConfig>(0);

    /// <summary>Names of tags that are never logged and never leave the zone.</summary>
    public IReadOnlyList<string> PrivateTags { get; init; } = [];

    /// <summary>What holds where neither rule, request nor manifest says anything.</summary>
    public RuleSetConfig Defaults { get; init; } = new();

    /// <summary>In order of precedence: all that match apply.</summary>
    public IReadOnlyList<RuleConfig> Rules { get; init; } = [];

    public IReadOnlyList<QuotaConfig> Quotas { get; init; } = [];

    /// <summary>What degrades first under load: <c>mirror</c>, <c>explain</c>, <c>escalation</c>, <c>tenant:NAME</c>.</summary>
    public IReadOnlyList<string> Shed { get; init; } = [];
}

/// <summary>What a zone's work costs, micro-USD.</summary>
/// <param name="ComputeMs">One millisecond of one run.</param>
/// <param name="LoadedMibHour">One MiB of a loaded model for an hour.</param>
/// <param name="WanKib">One KiB over the link to this zone.</param>
/// <param name="Watts">Power under load where nothing measures it.</param>
public sealed record PriceConfig(double ComputeMs = 0, double LoadedMibHour = 0, double WanKib = 0, double Watts = 0);

/// <summary>One rule: when it matches, what it sets or loosens, and who answers for it.</summary>
public sealed record RuleConfig
{
    /// <summary>Begins with a capital, so that it is never taken for a built-in rule.</summary>
    public string Id { get; init; } = "";

    public RuleWhenConfig When { get; init; } = new();

    public RuleSetConfig? Set { get; init; }

    /// <summary>Lifts the manifest's ceiling alone, and only for a tenant that <see cref="When"/> names.</summary>
    public RuleLoosenConfig? Loosen { get; init; }

    /// <summary>The sentence that explanations show.</summary>
    public string Because { get; init; } = "";

    /// <summary>The person or office that can change the rule.</summary>
    public string Owner { get; init; } = "";
}

/// <summary>All conditions that are given must hold; none given: the rule matches every request.</summary>
/// <param name="InputBytesAbove">The request's raw tensor bytes are more than this.</param>
/// <param name="InputBytesBelow">The request's raw tensor bytes are fewer than this.</param>
/// <param name="ArrivedIn">The zone that decides: where the request has arrived.</param>
public sealed record RuleWhenConfig(
    string? Model = null,
    string? Tenant = null,
    IReadOnlyDictionary<string, string>? Tags = null,
    long? InputBytesAbove = null,
    long? InputBytesBelow = null,
    string? ArrivedIn = null);

/// <param name="LatencyTargetMs">Milliseconds.</param>
/// <param name="MaxCostMicrousd">Millionths of a US dollar for the whole chain.</param>
/// <param name="ConfidenceFloor">In [0, 1]; 0 never escalates.</param>
public sealed record RuleSetConfig(
    string? Privacy = null,
    string? Mode = null,
    string? Objective = null,
    long? LatencyTargetMs = null,
    long? MaxCostMicrousd = null,
    double? ConfidenceFloor = null);

public sealed record RuleLoosenConfig(string? Privacy = null);

public sealed record QuotaConfig(string Tenant = "", long? RequestsPerMinute = null, long? MoneyPerDayMicrousd = null, string Owner = "");
