using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Repository;

/// <summary>Reads the manifests of a repository's versions without an engine: for policy tests and whatever else plans on paper.</summary>
public static class RepositoryManifests
{
    /// <returns>The manifests of all versions that can be served, and one line for each that cannot.</returns>
    public static async Task<(IReadOnlyList<ModelManifest> Manifests, IReadOnlyList<string> Errors)> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var folders = new RepositoryFolders([folder]);
        var manifests = new List<ModelManifest>();
        var errors = new List<string>();
        foreach (var name in folders.List(out _))
        {
            if (folders.Find(name) is not { } model) continue;
            errors.AddRange(model.Errors.Select(e => $"{name}: {e}"));
            foreach (var version in model.Errors.Count > 0 ? [] : model.Versions)
            {
                var read = await Reader(folder).ReadAsync(new ModelVersionKey(name, version.Number), version, cancellationToken);
                if (read.Manifest is { } manifest) manifests.Add(manifest);
                errors.AddRange(read.Errors.Select(e => string.Create(null, $"{name}/{version.Number}: {e}")));
            }
        }

        return (manifests, errors);
    }

    /// <summary>No variant is chosen, and weights in files of their own are hashed where they lie: nothing is opened by an engine, so no private copy is made.</summary>
    private static VersionReader Reader(string folder) =>
        new(static (_, _) => -1, static onnx => OnnxScan.Scan(onnx) with { ExternalFiles = [] }, new SealedFolders(folder), new VersionTrust(new RepositorySettings([folder], Zone.Cloud, folder)));
}
