using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Client;

/// <summary>What one call asks of the router; what it leaves out is settled by rule, manifest and defaults. Can be shared between calls.</summary>
public sealed record InferOptions
{
    public static InferOptions Default { get; } = new();

    public RouteMode? Mode { get; init; }

    /// <summary>The highest zone that the input may reach. It can lower what rules and manifest say, never raise it.</summary>
    public PrivacyCeiling? Privacy { get; init; }

    /// <summary>The aim; the answer comes even when it is missed. Whole milliseconds from 1.</summary>
    public TimeSpan? LatencyTarget { get; init; }

    /// <summary>The most the answer may cost, in millionths of a US dollar.</summary>
    public long? MaxCostMicrousd { get; init; }

    /// <summary>Answers below it are asked again one zone up, in [0, 1].</summary>
    public double? ConfidenceFloor { get; init; }

    /// <summary>What rules of the policy match.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = RouteParameters.NoTags;

    /// <summary>How long the caller waits; null: <see cref="Domain.Limits.DeadlineMax"/>.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Null: the model's default version.</summary>
    public int? Version { get; init; }

    /// <summary>Names of the outputs wanted; empty: all.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>Triton's: 1 is first, 0 is the default level.</summary>
    public int Priority { get; init; }

    /// <summary>Asks for the plan with a sentence for each zone: <see cref="HybridAnswer.Plan"/>, <see cref="HybridAnswer.Explanation"/>.</summary>
    public bool Explain { get; init; }

    /// <summary>Labels that <see cref="HybridAnswer.Labels"/> lists, likeliest first. 0: none.</summary>
    public int TopLabels { get; init; } = 5;

    /// <summary>When a zone that the request needs cannot be reached, keep the request, encrypted, and send it when the link is back: see <see cref="HybridClient.Deferred"/>.</summary>
    public bool Defer { get; init; }

    /// <summary>Given back with the answer and in egress records; null: one is made.</summary>
    public string? RequestId { get; init; }

    internal RouteParameters ToParameters(RouteMode? defaultMode) => ReferenceEquals(this, Default) && defaultMode is null ? RouteParameters.None : new(
        Mode ?? defaultMode, Privacy, LatencyTarget is { } target ? Math.Max(1, (long)Math.Ceiling(target.TotalMilliseconds)) : null, MaxCostMicrousd, ConfidenceFloor, Explain, Tags);
}
