using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;

namespace OrleansHybrid.Domain.Tests.Documents;

/// <summary>A farm's keys and what they sign, made once for all tests: nothing is decided by which keys they are.</summary>
internal static class DocumentSample
{
    public const string Farm = "farm-0123456789abcdef0123456789abcdef";
    public const string OtherFarm = "farm-ffffffffffffffffffffffffffffffff";
    public static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly ECDsa Publisher = Key();
    public static readonly ECDsa Stranger = Key();
    public static readonly ECDsa DocumentKey = Key();
    public static readonly ECDsa OtherKey = Key();

    public static DocumentTrust Trust { get; } = new([Public(Publisher)], "");

    public static byte[] Endorsement { get; } = Endorse(Publisher, DocumentKey, Farm);

    public static PublisherKey Public(ECDsa key) => PublisherKey.Read("test", key.ExportSubjectPublicKeyInfoPem(), out _)!;

    public static byte[] Endorse(ECDsa publisher, ECDsa key, string farm, int days = 365) =>
        Sign(publisher, EndorsementRules.PayloadType, EndorsementRules.Write(farm, Public(key).Pem, Now.AddDays(-30), Now.AddDays(days)));

    public static DocumentHeader Header(long revision, string name = "keyword", string farm = Farm, int days = 30) =>
        new(farm, Domain.Documents.DocumentKey.Catalogue(name), revision, Now.AddDays(days - 30), Now.AddDays(days));

    public static byte[] Document(long revision, string name = "keyword", string farm = Farm, int days = 30, ECDsa? key = null, CatalogueEntry? entry = null) =>
        Sign(key ?? DocumentKey, DocumentWriter.PayloadType, DocumentWriter.Write(Header(revision, name, farm, days), DocumentWriter.Body(entry ?? Entry(name, 1))));

    /// <summary>A document with this text as its payload.</summary>
    public static byte[] Raw(string payload) => Sign(DocumentKey, DocumentWriter.PayloadType, Encoding.UTF8.GetBytes(payload));

    public static byte[] Sign(ECDsa key, string type, byte[] payload)
    {
        var signature = key.SignData(DsseEnvelope.Encode(type, payload), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return JsonSerializer.SerializeToUtf8Bytes(new { payload, payloadType = type, signatures = new[] { new { sig = signature, keyid = "" } } });
    }

    public static CatalogueEntry Entry(string model, params int[] versions) => new(model, CataloguePolicy.Newest, [.. versions.Select(v => Version(v))]);

    public static CatalogueVersion Version(int version, string content = "")
    {
        CatalogueFile[] files = [File("labels.txt", "yes"), File("large.onnx", $"large {version} {content}"), File("model.yaml", $"model {version}"), File("tiny.onnx", $"tiny {version}")];
        var bundle = BundleDigests.RootOf(files.Select(f => new BundleFile(f.Name, f.Blob.Digest)));
        CatalogueVariant[] variants = [new("tiny", [Zone.Device, Zone.Edge], 8, 1, ["tiny.onnx"]), new("large", [Zone.Cloud], 60, 12.5, ["large.onnx"])];
        return new CatalogueVersion(version, bundle, new BlobReference(BundleDigests.Of("sig"u8), 900), files, variants, ["labels.txt", "model.yaml"], "publisher-key", Now, null);
    }

    public static (DocumentSet Set, DocumentVerdict Verdict) Accept(DocumentSet held, byte[] document, IReadOnlyList<byte[]>? endorsements = null, DocumentTrust? trust = null) =>
        DocumentRules.Accept(held, trust ?? Trust, document, endorsements ?? [Endorsement], Now);

    public static DocumentSet Held(params byte[][] documents) => documents.Aggregate(DocumentSet.Empty, (set, d) => Accept(set, d).Set);

    private static CatalogueFile File(string name, string text) => new(name, new BlobReference(BundleDigests.Of(Encoding.UTF8.GetBytes(text)), text.Length));

    private static ECDsa Key() => ECDsa.Create(ECCurve.NamedCurves.nistP256);
}
