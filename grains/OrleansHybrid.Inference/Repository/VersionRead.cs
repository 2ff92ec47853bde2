using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Inference.Repository;

/// <summary>A version as read from its folder: a manifest and what an engine needs, or errors.</summary>
/// <param name="Manifest">Null when there are errors. A plain folder's tensors are the graph's.</param>
/// <param name="Variant">The variant for this silo's zone; null when the version has none.</param>
internal sealed record VersionRead(ModelManifest? Manifest, bool PlainFolder, VariantBytes? Variant, IReadOnlyList<string> Errors)
{
    /// <summary>The version's classifier; null when it has none, or when this silo could not use it.</summary>
    public ClassifierBytes? Classifier { get; init; }

    /// <summary>What is known of who made the bytes.</summary>
    public VersionSignature Signature { get; init; } = VersionSignature.None;

    public static VersionRead Failed(IReadOnlyList<string> errors, bool plainFolder = false) => new(null, plainFolder, null, errors);
}

/// <summary>Bytes of one variant whose digest was computed from these bytes.</summary>
/// <param name="SealedFolder">Holds the file and its external data, when it has some.</param>
internal sealed record VariantBytes(VariantManifest Variant, ReadOnlyMemory<byte> Onnx, string? SealedFolder)
{
    /// <summary>The version's pre-processing step; null when it has none.</summary>
    public WordPieceToLoad? WordPiece { get; init; }

    /// <summary>What the variant is asked before it serves.</summary>
    public IReadOnlyList<VariantProbe> Probes { get; init; } = [];
}

/// <summary>Bytes of a classifier that fits its version.</summary>
/// <param name="Inputs">The version's inputs that it reads.</param>
/// <param name="Output">As its graph states it.</param>
internal sealed record ClassifierBytes(ReadOnlyMemory<byte> Onnx, IReadOnlyList<TensorSpec> Inputs, TensorSpec Output);
