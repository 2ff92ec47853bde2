using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Models;

/// <summary>A version's manifest as people write it (<c>model.yaml</c>), each value of the right type and in its own range, before the rules that compare values: see <see cref="ManifestRules"/>.</summary>
/// <remarks>A value that was wrong in itself is null here (its error is already listed), and rules stay silent about it. Lists keep their length, so that an index is the one in the file.</remarks>
public sealed record ManifestConfig(
    string? Model,
    int? Version,
    string? Description,
    string? Licence,
    IReadOnlyList<TensorConfig> Inputs,
    IReadOnlyList<TensorConfig> Outputs,
    ConfidenceConfig? Confidence,
    PrivacyCeiling? Privacy,
    UpdateCadence? Updates,
    ClassifierConfig? Classifier,
    BatchingConfig? Batching,
    IReadOnlyList<VariantConfig> Variants)
{
    /// <summary>Null: callers send what the graph takes.</summary>
    public PreConfig? Pre { get; init; }
}

/// <param name="Labels">The file with the class names of the last dimension, one a line.</param>
public sealed record TensorConfig(string? Name, TensorDataType? DataType, TensorShape? Shape, string? Labels);

public sealed record ConfidenceConfig(string? Output, ConfidenceRuleKind? Rule, double? Floor);

/// <summary>A small graph over the same inputs whose verdict is a signal for routing.</summary>
public sealed record ClassifierConfig(string? File, string? Output, double? Threshold);

public sealed record BatchingConfig(int? MaxBatchSize, IReadOnlyList<int> PreferredBatchSizes, int? MaxQueueDelayMicroseconds, int? MaxQueueSize);

public sealed record VariantConfig(string? Name, string? File, IReadOnlyList<Zone> Zones, double? MemoryMib, double? LatencyMs, InstancesConfig? Instances);

public sealed record InstancesConfig(int? Count, int? IntraOpThreads);
