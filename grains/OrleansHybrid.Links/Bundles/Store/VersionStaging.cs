using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Links.Bundles.Store;

/// <summary>Puts one version together from its files, hashing each, and hands the whole to the repository. One use.</summary>
/// <param name="files">With the signature.</param>
internal sealed class VersionStaging(BundleStore store, ModelVersionKey key, CatalogueVersion version, IReadOnlyList<CatalogueFile> files)
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = true };

    public async Task<StageOutcome> RunAsync(CancellationToken cancellationToken)
    {
        if (files.FirstOrDefault(f => f.Name != BundleNames.SignatureFile && !version.Files.Contains(f)) is { } stranger)
        {
            return StageOutcome.Refused(new BundleProblem(BundleRefusal.ExtraFile, $"'{stranger.Name}' is asked for and is not in the signature. Ask for files of the version alone."));
        }

        if (await IsInPlaceAsync(cancellationToken)) return new StageOutcome(false, null);
        if (files.FirstOrDefault(f => !store.Blobs.Has(f.Blob)) is { } missing)
        {
            return StageOutcome.Refused(await store.Blobs.CheckAsync(missing.Blob, missing.Name, cancellationToken) ?? new BundleProblem(BundleRefusal.MissingFile, $"'{missing.Name}' has not arrived. Fetch it first."));
        }

        var folder = store.Staging.Create();
        var published = false;
        try
        {
            if (await FillAsync(folder, cancellationToken) is { } problem) return StageOutcome.Refused(problem);
            Directory.SetLastWriteTimeUtc(folder, store.Settings.Clock.GetUtcNow().UtcDateTime);
            StagingArea.SyncTree(folder);
            await store.Staging.PublishAsync(folder, key, cancellationToken);
            published = true;
            return new StageOutcome(true, null);
        }
        finally
        {
            if (!published && Directory.Exists(folder)) Disk.DeleteFolder(FailpointNames.StageDiscard, folder);
        }
    }

    private async Task<BundleProblem?> FillAsync(string folder, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            var path = Path.Combine(folder, file.Name);
            Disk.CreateFolder(FailpointNames.StageSubfolder, Path.GetDirectoryName(path)!);
            Disk.LinkOrCopy(FailpointNames.StageLink, store.Folders.Blob(file.Blob.Digest), path);
            if (await Disk.DigestAsync(path, cancellationToken) == file.Blob.Digest) continue;
            return await store.Blobs.CheckAsync(file.Blob, file.Name, cancellationToken)
                ?? new BundleProblem(BundleRefusal.AlteredFile, $"'{file.Name}' changed while it was put in place. Stage the version again.");
        }

        return null;
    }

    /// <summary>The repository has exactly these files with exactly this content; a link is none of them, wherever it leads.</summary>
    private async Task<bool> IsInPlaceAsync(CancellationToken cancellationToken)
    {
        var folder = store.Folders.Version(key);
        if (!Directory.Exists(folder) || new DirectoryInfo(folder).EnumerateFileSystemInfos("*", Everything).Any(e => e.LinkTarget is not null)) return false;
        var there = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f).Replace(Path.DirectorySeparatorChar, '/'));
        if (!there.ToHashSet(StringComparer.Ordinal).SetEquals(files.Select(f => f.Name))) return false;
        foreach (var file in files)
        {
            if (await Disk.DigestAsync(Path.Combine(folder, file.Name), cancellationToken) != file.Blob.Digest) return false;
        }

        return true;
    }
}
