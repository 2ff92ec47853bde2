using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.EndToEnd.Tests.Links;

namespace OrleansHybrid.EndToEnd.Tests.Tamper;

/// <summary>The documents of <see cref="TamperTable"/>, by name: made over a good catalogue entry of a model, most of them under the farm's own key.</summary>
/// <param name="forger">Its key is endorsed by somebody whom nobody here trusts.</param>
/// <param name="next">A revision above all.</param>
internal sealed class DocumentTricks(string farm, DocumentSigner signer, DocumentSigner forger, Func<long> next)
{
    /// <param name="one">The version that holds.</param>
    /// <param name="held">The revision at which it does.</param>
    public byte[] Make(string name, string model, CatalogueVersion one, long held)
    {
        byte[] Good(long? at = null) => Payload(model, [one], at);
        byte[] With(CatalogueVersion version) => signer.Sign(Payload(model, [version]));
        return name switch
        {
            "document-no-json" => "nonsense"u8.ToArray(),
            "document-without-envelope" => "{}"u8.ToArray(),
            "document-type" => signer.Sign(Good(), "text/plain"),
            "document-altered" => Altered(signer.Sign(Good())),
            "document-wrong-key" => forger.Sign(Good()),
            "document-of-another-farm" => signer.Document(next(), model, DocumentSigner.OtherFarm),
            "document-old-revision" => signer.Sign(Good(held - 1)),
            "document-same-revision" => signer.Sign(Payload(model, [one with { Version = 2 }], held)),
            "document-member-twice" => signer.Sign([.. "{\"farm\":\"x\","u8, .. Good().AsSpan(1)]),
            "document-revision-zero" => signer.Sign(Good(0)),
            "document-over-before-it-began" => signer.Sign(Payload(model, [one], lifetime: TimeSpan.FromDays(-1))),
            "document-of-another-model" => signer.Sign(Payload(model, [one], bodyModel: "another")),
            "document-root-digest" => With(one with { Bundle = BundleDigests.Of("x"u8) }),
            "document-path-trick" => With(one with { Files = [new CatalogueFile("../evil", one.Files[0].Blob), .. one.Files] }),
            "document-huge" => new byte[Limits.DocumentBytesMax + 1],
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such kind"),
        };
    }

    public byte[] Payload(string model, IReadOnlyList<CatalogueVersion> versions, long? at = null, string? bodyModel = null, TimeSpan? lifetime = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        var entry = new CatalogueEntry(bodyModel ?? model, CataloguePolicy.Newest, versions);
        return DocumentWriter.Write(new DocumentHeader(farm, DocumentKey.Catalogue(model), at ?? next(), now, now + (lifetime ?? Limits.DocumentLifetime)), DocumentWriter.Body(entry));
    }

    /// <summary>One character in the middle is another.</summary>
    public static byte[] Altered(byte[] bytes)
    {
        var at = bytes.Length / 2;
        byte[] altered = [.. bytes];
        altered[at] = altered[at] == (byte)'A' ? (byte)'B' : (byte)'A';
        return altered;
    }
}
