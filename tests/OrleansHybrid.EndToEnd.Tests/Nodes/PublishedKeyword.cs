using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Bundles.Signing;
using OrleansHybrid.Links.Bundles.Store;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Nodes;

/// <summary>The sample <c>keyword</c> under any version number, signed by a publisher, put into the files and the catalogue of an authority in this process.</summary>
internal sealed class PublishedKeyword : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly ECDsa publisher = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Of the file that the cloud alone runs.</summary>
    public string CloudDigest { get; } = BundleDigests.Of(File.ReadAllBytes(Path.Combine(RepositoryRoot.SampleModels, "keyword", "1", "large.onnx")));

    public void Dispose()
    {
        publisher.Dispose();
        folder.Dispose();
    }

    public void WritePublisher(string publishers) => File.WriteAllText(Path.Combine(Directory.CreateDirectory(publishers).FullName, "models.pem"), publisher.ExportSubjectPublicKeyInfoPem());

    /// <param name="spoil">Changes files of the version before it is signed.</param>
    public async Task PublishAsync(IServiceProvider authority, int version, Action<string>? spoil = null)
    {
        var source = Prepare(version, spoil);
        var signed = await BundleSigner.SignAsync(source, publisher, [], null, CancellationToken.None);
        Assert.Null(signed.Problem);
        BundleSigner.Write(source, signed.Signature!);
        var files = signed.Statement!.Files.Select(f => new CatalogueFile(f.Name, new BlobReference(f.Digest, new FileInfo(Path.Combine(source, f.Name)).Length))).ToArray();
        var signature = new BlobReference(BundleDigests.Of(signed.Signature), signed.Signature!.Length);
        var blobs = authority.GetRequiredService<BundleStore>().Blobs;
        foreach (var (name, blob) in files.Select(f => (f.Name, f.Blob)).Append((BundleNames.SignatureFile, signature))) await StoreAsync(blobs, blob, Path.Combine(source, name));
        var entry = new CatalogueVersion(version, signed.Statement.RootDigest, signature, files, Variants, [.. files.Select(f => f.Name).Where(n => !Variants.Any(v => v.Files.Contains(n)))], signed.Statement.KeyId, TimeProvider.System.GetUtcNow(), null);
        var change = await authority.GetRequiredService<IGrainFactory>().GetModel(Clips.Model).AddVersionAsync(entry, CancellationToken.None);
        Assert.Equal(CatalogueVerdict.Changed, change.Verdict);
    }

    private static CatalogueVariant[] Variants { get; } =
    [
        new("tiny-int8", [Zone.Device, Zone.Edge], 24, 0.21, ["tiny-int8.onnx"]),
        new("tiny-fp32", [Zone.Device, Zone.Edge], 22, 0.28, ["tiny-fp32.onnx"]),
        new("large", [Zone.Cloud], 26, 0.67, ["large.onnx"]),
    ];

    private string Prepare(int version, Action<string>? spoil)
    {
        var target = Directory.CreateDirectory(Path.Combine(folder.Path, Clips.Model, FormattableString.Invariant($"{version}"))).FullName;
        var sample = Path.Combine(RepositoryRoot.SampleModels, Clips.Model, "1");
        foreach (var file in Directory.EnumerateFiles(sample, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(sample, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var manifest = Path.Combine(target, "model.yaml");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("version: 1\n", FormattableString.Invariant($"version: {version}\n"), StringComparison.Ordinal));
        spoil?.Invoke(target);
        return target;
    }

    private static async Task StoreAsync(BlobStore blobs, BlobReference blob, string path)
    {
        var begin = await blobs.BeginAsync(blob, CancellationToken.None);
        Assert.Null(begin.Problem);
        if (begin.Writer is not { } writer) return;
        await using (writer)
        {
            Assert.Null(await writer.WriteAsync(await File.ReadAllBytesAsync(path), CancellationToken.None));
            Assert.Null(await writer.CommitAsync(CancellationToken.None));
        }
    }
}
