using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Documents;

/// <summary>Each way to tamper with a document is refused for its own reason, and what held stays.</summary>
public sealed class DocumentTamperTests
{
    private static readonly byte[] Good = DocumentSample.Document(5);
    private static readonly string Payload = Encoding.UTF8.GetString(DocumentWriter.Write(DocumentSample.Header(5), DocumentWriter.Body(DocumentSample.Entry("keyword", 1, 2))));

    private static readonly Dictionary<string, (Func<byte[]> Document, BundleRefusal Refusal)> Cases = new()
    {
        ["no JSON"] = (() => "not json"u8.ToArray(), BundleRefusal.NotJson),
        ["cut off"] = (() => Good[..(Good.Length / 2)], BundleRefusal.NotJson),
        ["empty"] = (() => [], BundleRefusal.NotJson),
        ["a list"] = (() => "[]"u8.ToArray(), BundleRefusal.NotJson),
        ["bytes after the end"] = (() => [.. Good, .. "{}"u8], BundleRefusal.NotJson),
        ["bytes that are no UTF-8"] = (() => [.. Good[..1], 0xff, .. Good[1..]], BundleRefusal.NotJson),
        ["a member twice"] = (() => Text(Good, "\"payloadType\"", "\"payload\":\"eHg=\",\"payloadType\""), BundleRefusal.DuplicateMember),
        ["no signatures"] = (() => Change(Good, e => e["signatures"] = new JsonArray()), BundleRefusal.WrongShape),
        ["too many signatures"] = (() => Change(Good, e => e["signatures"] = new JsonArray([.. Enumerable.Range(0, 9).Select(_ => e["signatures"]![0]!.DeepClone())])), BundleRefusal.WrongShape),
        ["another payload type, signed"] = (() => DocumentSample.Sign(DocumentSample.DocumentKey, EndorsementRules.PayloadType, Encoding.UTF8.GetBytes(Payload)), BundleRefusal.WrongType),
        ["another payload type, not signed"] = (() => Change(Good, e => e["payloadType"] = "application/json"), BundleRefusal.WrongType),
        ["a payload with a byte more"] = (() => Change(Good, e => e["payload"] = Convert.ToBase64String([.. Convert.FromBase64String((string)e["payload"]!), 32])), BundleRefusal.WrongSignature),
        ["a signature with a byte changed"] = (() => Change(Good, e => e["signatures"]![0]!["sig"] = Flip((string)e["signatures"]![0]!["sig"]!)), BundleRefusal.WrongSignature),
        ["the signature of another document"] = (() => Change(Good, e => e["signatures"]![0]!["sig"] = (string)JsonNode.Parse(DocumentSample.Document(6))!["signatures"]![0]!["sig"]!), BundleRefusal.WrongSignature),
        ["a key that nobody endorsed"] = (() => DocumentSample.Document(5, key: DocumentSample.OtherKey), BundleRefusal.WrongSignature),
        ["the publisher's own key"] = (() => DocumentSample.Document(5, key: DocumentSample.Publisher), BundleRefusal.WrongSignature),
        ["another farm, key endorsed for this one"] = (() => DocumentSample.Document(5, farm: DocumentSample.OtherFarm), BundleRefusal.OtherFarm),
        ["an older revision"] = (() => DocumentSample.Document(3), BundleRefusal.OldRevision),
        ["the same revision with other content"] = (() => DocumentSample.Document(4, entry: DocumentSample.Entry("keyword", 1, 2)), BundleRefusal.Conflict),
        ["a revision that another place has"] = (() => DocumentSample.Document(4, "vibration"), BundleRefusal.Conflict),
        ["too large"] = (() => DocumentSample.Raw("{\"farm\":\"" + new string('a', Limits.DocumentBytesMax) + "\"}"), BundleRefusal.TooLarge),
        ["a payload that is no JSON, signed"] = (() => DocumentSample.Raw("no"), BundleRefusal.NotJson),
        ["a payload with a member twice, signed"] = (() => Edited("\"kind\"", "\"farm\":\"x\",\"kind\""), BundleRefusal.DuplicateMember),
        ["no farm"] = (() => Edited("\"farm\"", "\"firm\""), BundleRefusal.WrongShape),
        ["an unknown kind"] = (() => Edited("\"kind\":\"catalogue\"", "\"kind\":\"secrets\""), BundleRefusal.WrongShape),
        ["revision 0"] = (() => Edited("\"revision\":5", "\"revision\":0"), BundleRefusal.WrongShape),
        ["a revision that is no whole number"] = (() => Edited("\"revision\":5", "\"revision\":5.5"), BundleRefusal.WrongShape),
        ["no end"] = (() => Edited("\"expires\"", "\"exspires\""), BundleRefusal.WrongShape),
        ["an end before the beginning"] = (() => Edited("\"expires\":\"2026", "\"expires\":\"2020"), BundleRefusal.WrongShape),
        ["no body"] = (() => Edited("\"body\"", "\"bodies\""), BundleRefusal.WrongShape),
        ["another model's entry"] = (() => Edited("\"model\":\"keyword\"", "\"model\":\"triage\""), BundleRefusal.WrongShape),
        ["a bundle that is not the files'"] = (() => DocumentSample.Document(5, entry: With(v => v with { Bundle = DocumentSample.Version(2).Bundle })), BundleRefusal.WrongRootDigest),
        ["a digest with a letter changed"] = (() => Edited(DocumentSample.Version(2).Files[1].Blob.Digest, "sha256:" + new string('0', 64)), BundleRefusal.WrongRootDigest),
        ["a file name that leads out"] = (() => DocumentSample.Document(5, entry: With(v => v with { Files = [new CatalogueFile("../x", v.Files[0].Blob), .. v.Files] })), BundleRefusal.UnsafeName),
        ["a digest that is none"] = (() => DocumentSample.Document(5, entry: With(v => v with { Bundle = "sha256:xyz" })), BundleRefusal.WrongShape),
        ["a negative size"] = (() => DocumentSample.Document(5, entry: With(v => v with { Signature = v.Signature with { Bytes = -1 } })), BundleRefusal.WrongShape),
        ["a variant over a file that is not listed"] = (() => DocumentSample.Document(5, entry: With(v => v with { Variants = [v.Variants[0] with { Files = ["other.onnx"] }] })), BundleRefusal.WrongShape),
        ["versions out of order"] = (() => DocumentSample.Document(5, entry: DocumentSample.Entry("keyword", 2, 1)), BundleRefusal.WrongShape),
    };

    public static IEnumerable<object[]> Names => Cases.Keys.Select(name => new object[] { name });

    [Theory]
    [MemberData(nameof(Names))]
    public void Tampered_document_is_refused_for_its_own_reason_and_the_old_one_holds(string name)
    {
        var held = DocumentSample.Held(DocumentSample.Document(4));

        var (set, verdict) = DocumentSample.Accept(held, Cases[name].Document());

        Assert.Equal((DocumentOutcome.Refused, Cases[name].Refusal), (verdict.Outcome, verdict.Problem?.Refusal));
        Assert.Same(held, set);
        Assert.Equal(4, set.Find(DocumentKey.Catalogue("keyword"))!.Header.Revision);
        Assert.True(DocumentSample.Accept(held, Good).Verdict.Outcome == DocumentOutcome.Accepted, "The untampered document has to be accepted.");
    }

    [Theory]
    [InlineData("no endorsement")]
    [InlineData("by a stranger")]
    [InlineData("over")]
    [InlineData("for another farm")]
    [InlineData("of another key")]
    [InlineData("altered")]
    [InlineData("no publisher is known")]
    public void Document_whose_key_is_not_endorsed_here_is_refused(string how)
    {
        IReadOnlyList<byte[]> endorsements = how switch
        {
            "no endorsement" => [],
            "by a stranger" => [DocumentSample.Endorse(DocumentSample.Stranger, DocumentSample.DocumentKey, DocumentSample.Farm)],
            "over" => [DocumentSample.Endorse(DocumentSample.Publisher, DocumentSample.DocumentKey, DocumentSample.Farm, days: -1)],
            "for another farm" => [DocumentSample.Endorse(DocumentSample.Publisher, DocumentSample.DocumentKey, DocumentSample.OtherFarm)],
            "altered" => [Change(DocumentSample.Endorsement, e => e["payload"] = Convert.ToBase64String([.. Convert.FromBase64String((string)e["payload"]!), 32]))],
            "of another key" => [DocumentSample.Endorse(DocumentSample.Publisher, DocumentSample.OtherKey, DocumentSample.Farm)],
            _ => [DocumentSample.Endorsement],
        };
        var trust = how == "no publisher is known" ? new DocumentTrust([], "") : DocumentSample.Trust;

        var (set, verdict) = DocumentSample.Accept(DocumentSet.Empty, Good, endorsements, trust);

        Assert.Equal(how == "of another key" ? BundleRefusal.WrongSignature : BundleRefusal.NotEndorsed, verdict.Problem?.Refusal);
        Assert.Empty(set.Documents);
    }

    [Fact]
    public void Document_of_another_farm_is_refused_also_with_a_good_endorsement_for_it()
    {
        var held = DocumentSample.Held(DocumentSample.Document(4));
        var foreign = DocumentSample.Endorse(DocumentSample.Publisher, DocumentSample.OtherKey, DocumentSample.OtherFarm);

        var (set, verdict) = DocumentSample.Accept(held, DocumentSample.Document(9, farm: DocumentSample.OtherFarm, key: DocumentSample.OtherKey), [foreign]);

        Assert.Equal(BundleRefusal.OtherFarm, verdict.Problem?.Refusal);
        Assert.Same(held, set);
    }

    private static CatalogueEntry With(Func<CatalogueVersion, CatalogueVersion> change) => DocumentSample.Entry("keyword") with { Versions = [change(DocumentSample.Version(1))] };

    private static byte[] Edited(string from, string to)
    {
        Assert.Contains(from, Payload, StringComparison.Ordinal);
        return DocumentSample.Raw(Payload.Replace(from, to, StringComparison.Ordinal));
    }

    private static byte[] Text(byte[] envelope, string from, string to) => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(envelope).Replace(from, to, StringComparison.Ordinal));

    private static byte[] Change(byte[] envelope, Action<JsonObject> change)
    {
        var root = JsonNode.Parse(envelope)!.AsObject();
        change(root);
        return JsonSerializer.SerializeToUtf8Bytes(root);
    }

    private static string Flip(string base64)
    {
        var bytes = Convert.FromBase64String(base64);
        bytes[^1] ^= 1;
        return Convert.ToBase64String(bytes);
    }
}
