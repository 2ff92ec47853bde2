using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Repository;

/// <summary>Reads a version's folder again for an engine that dropped one of its variants from memory.</summary>
/// <remarks>
/// Rules kept here: the whole folder is read and checked as at the first load; every digest must be the one of then, so what answers is what was verified. It holds no bytes between.
/// A private copy of a model with external data takes the place of the one before.
/// </remarks>
internal sealed class VariantReload(VersionReader reader, VersionFolderEntry folder, VariantKey key, string versionDigest, Func<VersionRead, VariantToLoad?> choose, Action<string?> keepSealed)
{
    public async ValueTask<(VariantToLoad? Variant, InferenceFailure? Failure)> ReadAsync(CancellationToken cancellationToken)
    {
        var read = await Task.Run(() => reader.ReadAsync(key.ModelVersion, folder, cancellationToken), cancellationToken);
        if (read.Errors.Count > 0) return (null, Refuse("files that can be read as before", string.Join(' ', read.Errors)));
        if (read.Manifest!.Digest == versionDigest && choose(read) is { } variant)
        {
            if (!key.IsClassifier) keepSealed(read.Variant?.SealedFolder);
            else SealedFolders.Remove(read.Variant?.SealedFolder);
            return (variant with { Probes = [] }, null); // These bytes were probed at their first load.
        }

        SealedFolders.Remove(read.Variant?.SealedFolder);
        return (null, Refuse($"the version with digest {versionDigest}", $"digest {read.Manifest.Digest}: its files changed since"));
    }

    private InferenceFailure Refuse(string expected, string came) => new(
        FailureCode.ModelNotReady, $"{key} is out of memory and cannot be loaded again: expected {expected}; came {came}. Put the files back, or load the model to serve what is there now.");
}
