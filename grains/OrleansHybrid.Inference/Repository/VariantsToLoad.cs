using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Repository;

/// <summary>What an engine is given of a version that was read.</summary>
internal static class VariantsToLoad
{
    private const long BytesPerMib = 1 << 20;

    /// <summary>Null when what was read does not have that variant, or another one was chosen for this silo.</summary>
    public static VariantToLoad? Of(VariantKey key, VersionRead read) => key.IsClassifier ? Classifier(key, read) : Variant(key, read);

    private static VariantToLoad? Variant(VariantKey key, VersionRead read)
    {
        if (read is not { Manifest: { } manifest, Variant: { } bytes } || bytes.Variant.Name != key.Variant) return null;
        var (variant, plain) = (bytes.Variant, read.PlainFolder);
        return new VariantToLoad(
            key, bytes.Onnx, bytes.SealedFolder, variant.File, variant.Digest, manifest.Batching, variant.Instances, plain ? null : manifest.Inputs, plain ? null : manifest.Outputs)
        {
            WordPiece = bytes.WordPiece,
            Probes = bytes.Probes,
            MemoryBytes = (long)(variant.MemoryMib * BytesPerMib),
        };
    }

    private static VariantToLoad? Classifier(VariantKey key, VersionRead read)
    {
        if (read is not { Manifest: { Classifier: { } stated } manifest, Classifier: { } bytes }) return null;
        return new VariantToLoad(key, bytes.Onnx, null, stated.File, stated.Digest, ClassifierManifest.Batching(manifest.Batching), InstanceSettings.Default, bytes.Inputs, [bytes.Output]);
    }
}
