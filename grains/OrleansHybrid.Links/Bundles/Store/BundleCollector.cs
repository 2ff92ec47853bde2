using System.Globalization;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Links.Bundles.Store;

/// <summary>Removes versions and files that nobody wants any more. What goes is <see cref="CollectionRules"/>' to say; the last good versions are kept without being asked for.</summary>
/// <remarks>When something was last wanted is the time of last change of its folder or file: each run sets it for what is wanted.</remarks>
public sealed class BundleCollector(BundleStore store)
{
    /// <summary>Periodic work; also when a file found no room.</summary>
    /// <param name="desired">What this place should run.</param>
    /// <param name="digests">Bundles and files that others will ask this place for, whether it runs them or not.</param>
    public async Task<CollectionChoice> CollectAsync(IEnumerable<ModelVersionKey> desired, IEnumerable<string> digests, CancellationToken cancellationToken)
    {
        using var turn = await store.EnterAsync(cancellationToken);
        var settings = store.Settings;
        var now = settings.Clock.GetUtcNow();
        var keep = new CollectionKeep(desired.Concat(store.Activations.State.LastGood.Select(g => g.Version)).ToHashSet(), digests.ToHashSet(StringComparer.Ordinal));
        var versions = Versions().ToList();
        Touch(keep, versions, now);
        var inventory = new CollectionInventory([.. versions.Select(Describe)], [.. Files()]);
        var choice = CollectionRules.Choose(inventory, keep, settings.BytesMax, settings.VersionAgeMax, settings.FileAgeMax, now);
        foreach (var version in choice.Versions) store.Staging.Withdraw(version.Version);
        foreach (var file in choice.Files) store.Blobs.TryRemove(file.Digest);
        store.Blobs.RemoveParts(now - settings.FileAgeMax);
        ForgetStatements(keep, now);
        return choice;
    }

    private IEnumerable<ModelVersionKey> Versions() =>
        from model in new DirectoryInfo(store.Folders.Repository).EnumerateDirectories()
        from version in model.EnumerateDirectories()
        where int.TryParse(version.Name, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        select new ModelVersionKey(model.Name, int.Parse(version.Name, CultureInfo.InvariantCulture));

    private IEnumerable<KeptFile> Files() =>
        from file in new DirectoryInfo(store.Folders.Blobs).EnumerateFiles("*", new EnumerationOptions { RecurseSubdirectories = true })
        let digest = BundleDigests.Prefix + file.Name
        where BundleDigests.IsDigest(digest)
        select new KeptFile(digest, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero));

    private KeptVersion Describe(ModelVersionKey key) => new(key, DigestsOf(key), new DateTimeOffset(Directory.GetLastWriteTimeUtc(store.Folders.Version(key)), TimeSpan.Zero));

    /// <summary>Only of the files that the folder holds: another variant's files are nobody's need here.</summary>
    private HashSet<string> DigestsOf(ModelVersionKey key)
    {
        if (store.Statements.Find(key) is not { } receipt) return [];
        var folder = store.Folders.Version(key);
        return receipt.Files.Where(f => File.Exists(Path.Combine(folder, f.Name))).Select(f => f.Blob.Digest).Append(receipt.Signature.Digest).ToHashSet(StringComparer.Ordinal);
    }

    private void Touch(CollectionKeep keep, List<ModelVersionKey> versions, DateTimeOffset now)
    {
        foreach (var key in versions.Where(keep.Versions.Contains))
        {
            Directory.SetLastWriteTimeUtc(store.Folders.Version(key), now.UtcDateTime);
            if (store.Statements.Find(key) is { } receipt) store.Statements.Touch(receipt.Bundle, now);
            foreach (var digest in DigestsOf(key)) TouchFile(digest, now);
        }

        foreach (var digest in keep.Digests.Where(BundleDigests.IsDigest))
        {
            TouchFile(digest, now);
            store.Statements.Touch(digest, now);
        }
    }

    private void TouchFile(string digest, DateTimeOffset now)
    {
        if (File.Exists(store.Folders.Blob(digest))) File.SetLastWriteTimeUtc(store.Folders.Blob(digest), now.UtcDateTime);
    }

    /// <summary>A statement goes when its version is not here and nobody wanted it for as long as a version is kept.</summary>
    private void ForgetStatements(CollectionKeep keep, DateTimeOffset now)
    {
        foreach (var receipt in store.Statements.Receipts)
        {
            if (Directory.Exists(store.Folders.Version(receipt.Key)) || keep.Versions.Contains(receipt.Key) || keep.Digests.Contains(receipt.Bundle)) continue;
            if (now - store.Statements.WantedAt(receipt.Bundle) > store.Settings.VersionAgeMax) store.Statements.Remove(receipt.Bundle);
        }
    }
}
