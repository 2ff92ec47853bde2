using System.Globalization;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Links.Bundles.Store;

/// <summary>Where things lie below <c>&lt;data&gt;/bundles</c>. Names come from digests and checked names alone.</summary>
internal sealed class StoreFolders(string root)
{
    public const string SignatureEnding = ".sig";
    public const string ReceiptEnding = ".json";

    public string Root { get; } = Path.GetFullPath(root);

    public string Blobs => Path.Combine(Root, "blobs");

    public string Incoming => Path.Combine(Root, "incoming");

    public string Staging => Path.Combine(Root, "staging");

    public string Repository => Path.Combine(Root, "repository");

    public string Statements => Path.Combine(Root, "statements");

    public string Index => Path.Combine(Root, "index.json");

    public string Blob(string digest) => Path.Combine(Blobs, Hex(digest)[..2], Hex(digest));

    public string Part(string digest) => Path.Combine(Incoming, Hex(digest) + ".part");

    public string Model(string model) => Path.Combine(Repository, model);

    public string Version(ModelVersionKey key) => Path.Combine(Model(key.Model), key.Version.ToString(CultureInfo.InvariantCulture));

    public string Statement(string bundle) => Path.Combine(Statements, Hex(bundle) + SignatureEnding);

    public string Receipt(string bundle) => Path.Combine(Statements, Hex(bundle) + ReceiptEnding);

    public void Create()
    {
        foreach (var folder in new[] { Root, Blobs, Incoming, Staging, Repository, Statements }) Disk.CreateFolder(FailpointNames.RecoverFolder, folder);
    }

    private static string Hex(string digest) =>
        BundleDigests.IsDigest(digest) ? digest[BundleDigests.Prefix.Length..] : throw new ArgumentException($"expected a digest; came '{digest}'", nameof(digest));
}
