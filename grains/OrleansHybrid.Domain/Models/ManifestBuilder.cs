using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Models;

/// <summary>Makes the manifest that the rest of the system reads: from a checked config, or from a graph alone.</summary>
public static class ManifestBuilder
{
    /// <summary>The variant of a plain folder, and its file.</summary>
    public const string PlainVariant = "default";
    public const string PlainFile = "model.onnx";

    /// <summary>Only for a config without errors: every value that is required is there.</summary>
    /// <param name="fileDigests">Of every file, <c>sha256:…</c>.</param>
    public static ModelManifest Build(ManifestConfig config, ManifestFolder folder, IReadOnlyDictionary<string, string> fileDigests, string versionDigest) => new(
        config.Model!,
        config.Version!.Value,
        config.Description ?? "",
        config.Licence!,
        [.. config.Inputs.Select(t => Spec(t, folder))],
        [.. config.Outputs.Select(t => Spec(t, folder))],
        config.Confidence is { } c ? new ConfidenceRule(c.Output!, c.Rule!.Value, c.Floor!.Value) : null,
        config.Privacy ?? PrivacyCeiling.Any,
        config.Updates,
        Batching(config.Batching),
        [.. config.Variants.Select(v => Variant(v, folder, fileDigests))],
        versionDigest)
    {
        Classifier = config.Classifier is { } hard ? new ClassifierManifest(hard.File!, hard.Output!, hard.Threshold!.Value, fileDigests[hard.File!], folder.FileBytes[hard.File!]) : null,
        Pre = config.Pre?.WordPiece is { } step ? new PreProcessing(new WordPieceSettings(step.Vocab!, step.LowerCase!.Value, step.MaxTokens!.Value)) : null,
    };

    /// <summary>A Triton folder without a manifest: one variant for every zone, no batching, no ceiling, never unsure.</summary>
    public static ModelManifest BuildPlain(
        ModelVersionKey key, IReadOnlyList<TensorSpec> inputs, IReadOnlyList<TensorSpec> outputs, long fileBytes, string fileDigest, string versionDigest) => new(
        key.Model,
        key.Version,
        "",
        "",
        inputs,
        outputs,
        Confidence: null,
        PrivacyCeiling.Any,
        Updates: null,
        BatchingSettings.None,
        [new VariantManifest(PlainVariant, PlainFile, [Zone.Device, Zone.Edge, Zone.Cloud], 0, 0, fileDigest, fileBytes, InstanceSettings.Default)],
        versionDigest);

    private static TensorSpec Spec(TensorConfig tensor, ManifestFolder folder) =>
        new(tensor.Name!, tensor.DataType!.Value, tensor.Shape!.Value, tensor.Labels is { } file ? folder.Labels[file].Lines : []);

    private static BatchingSettings Batching(BatchingConfig? batching) => batching is null
        ? BatchingSettings.None
        : new(
            batching.MaxBatchSize ?? 0,
            batching.PreferredBatchSizes,
            TimeSpan.FromMicroseconds(batching.MaxQueueDelayMicroseconds ?? 0),
            batching.MaxQueueSize ?? Limits.QueuePerVariantMax);

    private static VariantManifest Variant(VariantConfig variant, ManifestFolder folder, IReadOnlyDictionary<string, string> digests) => new(
        variant.Name!,
        variant.File!,
        variant.Zones,
        variant.MemoryMib ?? 0,
        variant.LatencyMs ?? 0,
        digests[variant.File!],
        folder.FileBytes[variant.File!],
        new InstanceSettings(variant.Instances?.Count ?? 0, variant.Instances?.IntraOpThreads ?? 0));
}
