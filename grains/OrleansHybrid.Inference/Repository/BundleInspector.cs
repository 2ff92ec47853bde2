using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Repository;

/// <summary>Reads a version whole, as a push does: a place reads its own variant alone, so what is wrong with another zone's would show there, too late.</summary>
/// <remarks>
/// Each variant is read by the same rules as where it will run (<see cref="VersionReading"/>), without an engine: manifest, labels, vocabulary, classifier, graph and
/// files of weights. The folder is read once for each variant. A version without a manifest is refused: nothing would say in which zones it may run.
/// </remarks>
public static class BundleInspector
{
    /// <param name="folder">Every file of the version, already compared with its signature.</param>
    /// <param name="key">What the manifest must name.</param>
    /// <param name="probes">Reads the version's probes; null: they are not looked at.</param>
    public static async Task<InspectedVersion> InspectAsync(string folder, ModelVersionKey key, IProbeReader? probes, CancellationToken cancellationToken)
    {
        var files = VersionFolder.Read(folder);
        if (files.Errors.Count == 0 && !files.Files.ContainsKey(VersionReading.ManifestFile)) return Failed([$"expected '{VersionReading.ManifestFile}' in the version; there is none. Write one, and sign the version again."]);
        var variants = new List<InspectedVariant>();
        var errors = new List<string>();
        ModelManifest? manifest = null;
        for (var index = 0; index < (manifest?.Variants.Count ?? 1); index++)
        {
            var (read, weights) = await ReadAsync(folder, key, index, files, probes, cancellationToken);
            errors.AddRange(read.Errors.Except(errors));
            // Without a manifest the others cannot be known; one with a broken variant is read on without it.
            manifest ??= read.Manifest ?? (await ReadAsync(folder, key, -1, files, probes, cancellationToken)).Read.Manifest;
            if (manifest is null) return Failed(errors);
            variants.Add(new InspectedVariant(manifest.Variants[index], [manifest.Variants[index].File, .. weights]));
        }

        if (errors.Count > 0) return Failed(errors);
        var own = variants.SelectMany(v => v.Files).ToHashSet(StringComparer.Ordinal);
        return new InspectedVersion(manifest, variants, [.. files.Files.Keys.Where(f => !own.Contains(f) && !BundleNames.IsNeverSigned(f)).Order(StringComparer.Ordinal)], []);
    }

    /// <param name="index">Of the variant; -1: none.</param>
    private static async Task<(VersionRead Read, IReadOnlyList<string> Weights)> ReadAsync(string folder, ModelVersionKey key, int index, VersionFolder files, IProbeReader? probes, CancellationToken cancellationToken)
    {
        string[] weights = [];
        var graphs = 0;
        // The variant's graph is scanned first; what comes after it is the classifier's, which may have no files of weights.
        var reader = new VersionReader((_, variants) => index < variants.Count ? index : -1, Scan, new SealedFolders(folder), new VersionTrust(new RepositorySettings([folder], Zone.Cloud, folder)), probes);
        return (await reader.ReadAsync(key, new VersionFolderEntry(key.Version, folder, IsLink: false), cancellationToken), weights);

        GraphScan Scan(ReadOnlyMemory<byte> onnx)
        {
            var scan = OnnxScan.Scan(onnx);
            if (index < 0 || graphs++ > 0) return scan;
            weights = [.. scan.ExternalFiles];
            var wrong = weights.Where(w => !files.Files.ContainsKey(w) || w == VersionReading.ManifestFile).ToList();
            return wrong.Count == 0
                ? scan with { ExternalFiles = [] } // No engine opens it, so no sealed copy is made.
                : GraphScan.Refused([.. wrong.Select(w => $"expected its weights' file {ManifestText.Quote(w)} in the version's folder; it is not there, or is no file of weights. Put it beside the model.")]);
        }
    }

    private static InspectedVersion Failed(IReadOnlyList<string> errors) => new(null, [], [], errors);
}
