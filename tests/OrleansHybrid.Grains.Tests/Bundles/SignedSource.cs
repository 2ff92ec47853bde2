using System.Security.Cryptography;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Grains.Tests.Models;
using OrleansHybrid.Links.Bundles.Signing;

namespace OrleansHybrid.Grains.Tests.Bundles;

/// <summary>Versions of <c>keyword</c> as their publisher has them: whole folders, signed. Another process can open the same folder.</summary>
internal sealed class SignedSource : IDisposable
{
    public static readonly string[] Shared = ["labels.txt", "model.yaml", "probes/yes.txt"];

    private readonly ECDsa key = ECDsa.Create();

    private SignedSource(string folder)
    {
        Folder = folder;
        if (File.Exists(KeyFile)) key.ImportFromPem(File.ReadAllText(KeyFile));
        else
        {
            key.GenerateKey(ECCurve.NamedCurves.nistP256);
            Directory.CreateDirectory(folder);
            File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
        }

        Publisher = PublisherKey.Read("test", key.ExportSubjectPublicKeyInfoPem(), out _)!;
    }

    public static SignedSource Open(string folder) => new(folder);

    public string Folder { get; }

    public PublisherKey Publisher { get; }

    private string KeyFile => Path.Combine(Folder, "publisher.pem");

    public string VersionPath(int version, string model = "keyword") => Path.Combine(Folder, model, $"{version}");

    public string PathOf(int version, string file) => Path.Combine(VersionPath(version), file);

    /// <summary>A version with a small variant for device and edge and a large one for the cloud.</summary>
    public async Task<CatalogueVersion> PublishAsync(int version, string model = "keyword", string suffix = "")
    {
        Write(version, model, "model.yaml", ManifestSample.Good.Replace("version: 3", $"version: {version}").Replace("model: keyword", $"model: {model}"));
        Write(version, model, "labels.txt", "yes\nno\nstop\n");
        Write(version, model, "probes/yes.txt", $"a probe of {version}");
        Write(version, model, "tiny-int8.onnx", $"tiny {model} {version}{suffix}");
        Write(version, model, "large.onnx", $"large {model} {version}{suffix}");
        await SignAsync(version, model);
        return Catalogue(version, model);
    }

    public async Task SignAsync(int version, string model = "keyword")
    {
        var signed = await BundleSigner.SignAsync(VersionPath(version, model), key, [], null, CancellationToken.None);
        BundleSigner.Write(VersionPath(version, model), signed.Signature ?? throw new InvalidOperationException(signed.Problem!.ToString()));
    }

    /// <summary>What the catalogue says of a version that is signed.</summary>
    public CatalogueVersion Catalogue(int version, string model = "keyword")
    {
        var signature = File.ReadAllBytes(Path.Combine(VersionPath(version, model), "model.sig"));
        var statement = BundleSignature.Verify(signature, [Publisher]).Statement!;
        return new CatalogueVersion(
            version,
            statement.RootDigest,
            new BlobReference(BundleDigests.Of(signature), signature.Length),
            [.. statement.Files.Select(f => new CatalogueFile(f.Name, new BlobReference(f.Digest, new FileInfo(Path.Combine(VersionPath(version, model), f.Name)).Length)))],
            [new CatalogueVariant("tiny-int8", [Zone.Device, Zone.Edge], 8, 1, ["tiny-int8.onnx"]), new CatalogueVariant("large", [Zone.Cloud], 60, 12, ["large.onnx"])],
            Shared,
            Publisher.KeyId,
            DateTimeOffset.UnixEpoch,
            null);
    }

    public static IReadOnlyList<CatalogueFile> Needed(CatalogueVersion version, string variantFile) => [.. version.Files.Where(f => Shared.Contains(f.Name) || f.Name == variantFile)];

    public void Dispose() => key.Dispose();

    private void Write(int version, string model, string name, string text)
    {
        var path = Path.Combine(VersionPath(version, model), name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
