using System.Security.Cryptography;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Bundles.Signing;
using OrleansHybrid.Links.Bundles.Store;

namespace OrleansHybrid.EndToEnd.Tests.Bundles;

/// <summary>The sample model <c>keyword</c> under another number, signed by a publisher, with its files put where a push puts them.</summary>
internal sealed class SignedKeyword(string folder) : IDisposable
{
    private static readonly string[] Shared = ["hard.onnx", "labels.txt", "model.yaml"];
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public PublisherKey Publisher => PublisherKey.Read("bundles", key.ExportSubjectPublicKeyInfoPem(), out _)!;

    public static string Cloud => "large.onnx";

    public async Task<CatalogueVersion> SignAsync(int version)
    {
        var path = PathOf(version);
        Directory.CreateDirectory(path);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.SampleModels, "keyword", "1"))) File.Copy(file, Path.Combine(path, Path.GetFileName(file)));
        var manifest = Path.Combine(path, "model.yaml");
        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest)).Replace("version: 1", FormattableString.Invariant($"version: {version}")));
        var signed = await BundleSigner.SignAsync(path, key, [], null, CancellationToken.None);
        BundleSigner.Write(path, signed.Signature!);
        return Catalogue(version, signed.Signature!);
    }

    /// <summary>Into the files of a cell that does not run yet.</summary>
    public async Task StoreAsync(CatalogueVersion version, string data)
    {
        var store = new BundleStore(new BundleStoreSettings(Path.Combine(data, "bundles"), () => [Publisher], TimeProvider.System));
        foreach (var file in version.Files.Append(new CatalogueFile("model.sig", version.Signature)))
        {
            var begin = await store.Blobs.BeginAsync(file.Blob, default);
            await using var writer = begin.Writer!;
            if (await writer.WriteAsync(await File.ReadAllBytesAsync(Path.Combine(PathOf(version.Version), file.Name)), default) is { } refused) throw new InvalidOperationException(refused.ToString());
            if (await writer.CommitAsync(default) is { } problem) throw new InvalidOperationException(problem.ToString());
        }
    }

    public void Dispose() => key.Dispose();

    private CatalogueVersion Catalogue(int version, byte[] signature)
    {
        var statement = BundleSignature.Verify(signature, [Publisher]).Statement!;
        CatalogueFile[] files = [.. statement.Files.Select(f => new CatalogueFile(f.Name, new BlobReference(f.Digest, new FileInfo(Path.Combine(PathOf(version), f.Name)).Length)))];
        CatalogueVariant[] variants =
        [
            new("tiny-int8", [Zone.Device, Zone.Edge], 24, 0.21, ["tiny-int8.onnx"]),
            new("tiny-fp32", [Zone.Device, Zone.Edge], 22, 0.28, ["tiny-fp32.onnx"]),
            new("large", [Zone.Cloud], 26, 0.67, [Cloud]),
        ];
        return new CatalogueVersion(version, statement.RootDigest, new BlobReference(BundleDigests.Of(signature), signature.Length), files, variants, Shared, Publisher.KeyId, DateTimeOffset.UnixEpoch, null);
    }

    private string PathOf(int version) => Path.Combine(folder, "keyword", FormattableString.Invariant($"{version}"));
}
