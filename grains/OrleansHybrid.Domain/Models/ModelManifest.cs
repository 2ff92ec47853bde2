using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Models;

/// <summary>A version's manifest after every check: whole, immutable, labels read. Made from <c>model.yaml</c>, or from the graph alone for a plain Triton folder.</summary>
/// <param name="Privacy">The default ceiling of raw input; <see cref="PrivacyCeiling.Any"/> when the manifest says nothing.</param>
/// <param name="Confidence">Null when the version states none: then no answer is ever unsure.</param>
/// <param name="Updates">How often the version changes; null when the manifest does not say.</param>
/// <param name="Digest">SHA-256 over the files' digests, lower-case hex with the prefix <c>sha256:</c>.</param>
public sealed record ModelManifest(
    string Model,
    int Version,
    string Description,
    string Licence,
    IReadOnlyList<TensorSpec> Inputs,
    IReadOnlyList<TensorSpec> Outputs,
    ConfidenceRule? Confidence,
    PrivacyCeiling Privacy,
    UpdateCadence? Updates,
    BatchingSettings Batching,
    IReadOnlyList<VariantManifest> Variants,
    string Digest)
{
    public ModelVersionKey Key => new(Model, Version);

    /// <summary>Null when the version has none.</summary>
    public ClassifierManifest? Classifier { get; init; }

    /// <summary>What is done to the inputs before the graph sees them; null: nothing.</summary>
    public PreProcessing? Pre { get; init; }
}

/// <summary>One variant of a version, best first within a zone.</summary>
/// <param name="MemoryMib">Declared resident memory when loaded, MiB; 0 when not declared.</param>
/// <param name="LatencyMs">Declared time of one run, milliseconds; 0 when not declared. Used until measured.</param>
/// <param name="Digest">SHA-256 of the ONNX file, lower-case hex with the prefix <c>sha256:</c>.</param>
public sealed record VariantManifest(
    string Name,
    string File,
    IReadOnlyList<Zone> Zones,
    double MemoryMib,
    double LatencyMs,
    string Digest,
    long FileBytes,
    InstanceSettings Instances);

/// <summary>How the confidence of an answer is computed, and under what floor it counts as a hard example.</summary>
/// <param name="Output">The output that holds probabilities (rows × classes), or the confidence itself for <see cref="ConfidenceRuleKind.Named"/>.</param>
public sealed record ConfidenceRule(string Output, ConfidenceRuleKind Kind, double Floor);

public enum ConfidenceRuleKind
{
    /// <summary>The largest probability of the row.</summary>
    Max,

    /// <summary>The largest less the second largest.</summary>
    Margin,

    /// <summary>1 − H(p) / ln(classes): 1 is certain, 0 is uniform.</summary>
    Entropy,

    /// <summary>The output is the confidence, one number a row.</summary>
    Named,
}

/// <summary>Dynamic batching in Triton's words. <see cref="MaxBatchSize"/> 0 or 1: no batching.</summary>
/// <param name="PreferredBatchSizes">Sizes worth running at once; empty: any.</param>
/// <param name="MaxQueueDelay">How long the first request of a batch may wait for more.</param>
/// <param name="MaxQueueSize">Requests waiting; above: 429.</param>
public sealed record BatchingSettings(int MaxBatchSize, IReadOnlyList<int> PreferredBatchSizes, TimeSpan MaxQueueDelay, int MaxQueueSize)
{
    public static BatchingSettings None { get; } = new(0, [], TimeSpan.Zero, Limits.QueuePerVariantMax);
}

/// <summary>Runs in flight at once and threads of one run. 0: the engine's default (instances = cores, one thread each).</summary>
public sealed record InstanceSettings(int Count, int IntraOpThreads)
{
    public static InstanceSettings Default { get; } = new(0, 0);
}

/// <summary>Which versions of a folder are served, in Triton's words.</summary>
public sealed record VersionPolicy(VersionPolicyKind Kind, int Latest, IReadOnlyList<int> Specific)
{
    public static VersionPolicy Default { get; } = new(VersionPolicyKind.Latest, 1, []);
}

public enum VersionPolicyKind
{
    Latest,
    Specific,
    All,
}
