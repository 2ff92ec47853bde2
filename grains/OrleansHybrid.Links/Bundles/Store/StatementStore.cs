using System.Collections.Concurrent;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Links.Bundles.Store;

/// <summary>Verified statements with what their versions are made of: <c>statements/&lt;root hex&gt;.sig</c> and <c>.json</c>.</summary>
internal sealed class StatementStore(StoreFolders folders)
{
    private static readonly ReplaceSteps Steps = new(FailpointNames.StatementWrite, FailpointNames.StatementSync, FailpointNames.StatementRename, FailpointNames.StatementSyncFolder);

    private readonly ConcurrentDictionary<string, BundleReceipt> receipts = new(StringComparer.Ordinal);

    public IReadOnlyCollection<BundleReceipt> Receipts => [.. receipts.Values];

    public BundleReceipt? Find(string bundle) => receipts.GetValueOrDefault(bundle);

    public BundleReceipt? Find(ModelVersionKey version) => receipts.Values.FirstOrDefault(r => r.Key == version);

    /// <summary>At a start: reads what is there. One that cannot be read is as if it were not there: its version is verified again when it is staged.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var file in new DirectoryInfo(folders.Statements).EnumerateFiles("*.json"))
        {
            if (file.Length > Limits.SignatureBytesMax * 2L) continue;
            if (BundleReceipt.Read(await File.ReadAllBytesAsync(file.FullName, cancellationToken)) is { } receipt && IsNamed(file, receipt)) receipts[receipt.Bundle] = receipt;
        }
    }

    /// <summary>Keeps a statement that was verified. The signature first: a receipt always has its statement.</summary>
    public async Task KeepAsync(BundleReceipt receipt, ReadOnlyMemory<byte> signature, CancellationToken cancellationToken)
    {
        await ReplaceAsync(folders.Statement(receipt.Bundle), signature, cancellationToken);
        await ReplaceAsync(folders.Receipt(receipt.Bundle), receipt.Write(), cancellationToken);
        receipts[receipt.Bundle] = receipt;
    }

    public DateTimeOffset WantedAt(string bundle) => new(File.GetLastWriteTimeUtc(folders.Receipt(bundle)), TimeSpan.Zero);

    public void Touch(string bundle, DateTimeOffset now)
    {
        if (File.Exists(folders.Receipt(bundle))) File.SetLastWriteTimeUtc(folders.Receipt(bundle), now.UtcDateTime);
    }

    public void Remove(string bundle)
    {
        receipts.TryRemove(bundle, out _);
        Disk.DeleteFile(FailpointNames.CollectReceipt, folders.Receipt(bundle));
        Disk.DeleteFile(FailpointNames.CollectStatement, folders.Statement(bundle));
    }

    /// <summary>Null when the catalogue's version and the statement speak of the same files.</summary>
    public static BundleProblem? CheckCatalogue(BundleStatement statement, CatalogueVersion version)
    {
        if (statement.RootDigest != version.Bundle) return new BundleProblem(BundleRefusal.NotPublished, $"the catalogue names the bundle {Short(version.Bundle)}; its signature is over {Short(statement.RootDigest)}. Publish the version again.");
        var listed = version.Files.Select(f => new BundleFile(f.Name, f.Blob.Digest)).OrderBy(f => f.Name, StringComparer.Ordinal);
        if (listed.SequenceEqual(statement.Files.OrderBy(f => f.Name, StringComparer.Ordinal))) return null;
        return new BundleProblem(BundleRefusal.NotPublished, "the catalogue lists other files than the publisher signed. Publish the version again.");
    }

    private static bool IsNamed(FileInfo file, BundleReceipt receipt) =>
        BundleDigests.IsDigest(receipt.Bundle) && file.Name == receipt.Bundle[BundleDigests.Prefix.Length..] + ".json";

    private static async Task ReplaceAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        if (File.Exists(path) && (await File.ReadAllBytesAsync(path, cancellationToken)).AsSpan().SequenceEqual(content.Span)) return;
        await Disk.ReplaceAsync(Steps, path, content, cancellationToken);
    }

    private static string Short(string digest) => digest[..Math.Min(digest.Length, 19)];
}
