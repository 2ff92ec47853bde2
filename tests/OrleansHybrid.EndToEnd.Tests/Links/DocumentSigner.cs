using System.Security.Cryptography;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Links.Bundles.Signing;

namespace OrleansHybrid.EndToEnd.Tests.Links;

/// <summary>A publisher and a farm's authority in the hands of a test.</summary>
internal sealed class DocumentSigner
{
    public const string Farm = "farm-0123456789abcdef0123456789abcdef";
    public const string OtherFarm = "farm-ffffffffffffffffffffffffffffffff";
    private readonly ECDsa publisher = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private readonly ECDsa key;

    public DocumentSigner() => key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The authority of a real farm, whose key got into the wrong hands.</summary>
    /// <param name="pem">Of the document key.</param>
    public DocumentSigner(string pem)
    {
        key = ECDsa.Create();
        key.ImportFromPem(pem);
    }

    public PublisherKey Publisher => Half(publisher);

    public byte[] Endorsement(string farm = Farm) => Endorse(Half(key).Pem, farm);

    public byte[] Endorse(string pem, string farm) =>
        DsseSigner.Sign(publisher, EndorsementRules.PayloadType, EndorsementRules.Write(farm, pem, DateTimeOffset.UnixEpoch, TimeProvider.System.GetUtcNow().AddYears(5)));

    /// <summary>A catalogue entry.</summary>
    public byte[] Document(long revision, string model = "keyword", string farm = Farm, int versions = 1)
    {
        var now = TimeProvider.System.GetUtcNow();
        var entry = new CatalogueEntry(model, CataloguePolicy.Newest, [.. Enumerable.Range(1, versions).Select(Version)]);
        return DsseSigner.Sign(key, DocumentWriter.PayloadType, DocumentWriter.Write(new DocumentHeader(farm, DocumentKey.Catalogue(model), revision, now, now + Limits.DocumentLifetime), DocumentWriter.Body(entry)));
    }

    /// <summary>Whatever a test makes up, under the farm's document key.</summary>
    public byte[] Sign(byte[] payload, string type = DocumentWriter.PayloadType) => DsseSigner.Sign(key, type, payload);

    public void WritePublisher(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "publisher.pem"), Publisher.Pem);
    }

    public static CatalogueVersion Version(int version)
    {
        CatalogueFile[] files = [new("model.yaml", new BlobReference(BundleDigests.Of([(byte)version]), 1)), new("tiny.onnx", new BlobReference(BundleDigests.Of([(byte)version, 2]), 2))];
        CatalogueVariant[] variants = [new("tiny", [Zone.Edge], 8, 1, ["tiny.onnx"])];
        return new CatalogueVersion(version, BundleDigests.RootOf(files.Select(f => new BundleFile(f.Name, f.Blob.Digest))), new BlobReference(BundleDigests.Of("sig"u8), 9), files, variants, ["model.yaml"], "publisher-key", DateTimeOffset.UnixEpoch, null);
    }

    private static PublisherKey Half(ECDsa key) => PublisherKey.Read("test", key.ExportSubjectPublicKeyInfoPem(), out _)!;
}
