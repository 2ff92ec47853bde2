using System.Text;
using System.Text.Json.Nodes;
using OrleansHybrid.Domain.Bundles;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Bundles;

/// <summary>Ways to tamper with a signature file. Those in a statement are signed by the trusted key itself: the rules behind the signature must hold alone.</summary>
public sealed class SignatureTamperTests
{
    private static readonly Dictionary<string, (BundleRefusal Refusal, string Place, Func<Forger, byte[]> Make)> Tampers = new()
    {
        ["an empty file"] = (BundleRefusal.NotJson, "the signature", _ => []),
        ["cut off in the middle"] = (BundleRefusal.NotJson, "the signature", f => f.Sign()[..200]),
        ["two objects in one file"] = (BundleRefusal.NotJson, "the signature", f => [.. f.Sign(), .. f.Sign()]),
        ["an array"] = (BundleRefusal.NotJson, "the signature", f => [.. "["u8, .. f.Sign(), .. "]"u8]),
        ["a byte order mark"] = (BundleRefusal.NotJson, "the signature", f => [.. Encoding.UTF8.Preamble, .. f.Sign()]),
        ["another encoding"] = (BundleRefusal.NotJson, "the signature", f => Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(f.Sign()))),
        ["a broken letter of UTF-8"] = (BundleRefusal.NotJson, "the signature", f => Text(f, t => t.Replace("v0.3", "v\u0001.3", StringComparison.Ordinal), bytes => bytes[Array.IndexOf(bytes, (byte)1)] = 0xff)),
        ["half a surrogate pair"] = (BundleRefusal.NotJson, "the signature", f => Text(f, t => t.Replace("v0.3", "\\ud800", StringComparison.Ordinal))),
        ["a comment"] = (BundleRefusal.NotJson, "the signature", f => Text(f, t => "/* */" + t)),
        ["nested without end"] = (BundleRefusal.NotJson, "the signature", _ => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", 5000)))),
        ["larger than any signature"] = (BundleRefusal.TooLarge, "bytes", f => [.. f.Sign(), .. new byte[Limits.SignatureBytesMax]]),
        ["a member twice"] = (BundleRefusal.DuplicateMember, "'payload'", f => Text(f, t => t.Replace("\"payloadType\"", "\"payload\":\"e30=\",\"payloadType\"", StringComparison.Ordinal))),
        ["a member twice, once with an escape"] = (BundleRefusal.DuplicateMember, "'payload'", f => Text(f, t => t.Replace("\"payloadType\"", "\"p\\u0061yload\":\"e30=\",\"payloadType\"", StringComparison.Ordinal))),
        ["another media type"] = (BundleRefusal.WrongType, "media type", f => f.Sign(inBundle: b => b["mediaType"] = "application/json")),
        ["no media type"] = (BundleRefusal.WrongType, "media type", f => f.Sign(inBundle: b => b.Remove("mediaType"))),
        ["a member that the form does not have"] = (BundleRefusal.WrongShape, "'messageSignature'", f => f.Sign(inBundle: b => b["messageSignature"] = new JsonObject())),
        ["no envelope"] = (BundleRefusal.WrongShape, "'dsseEnvelope'", f => f.Sign(inBundle: b => b.Remove("dsseEnvelope"))),
        ["no verification material"] = (BundleRefusal.WrongShape, "'verificationMaterial'", f => f.Sign(inBundle: b => b.Remove("verificationMaterial"))),
        ["no key named"] = (BundleRefusal.WrongShape, "publicKey'", f => f.Sign(inBundle: b => Material(b).Remove("publicKey"))),
        ["a key without a hint"] = (BundleRefusal.WrongShape, "hint'", f => f.Sign(inBundle: b => Material(b)["publicKey"] = new JsonObject())),
        ["a second method beside the key"] = (BundleRefusal.WrongShape, "two signing methods", f => f.Sign(inBundle: b => Material(b)["certificate"] = new JsonObject())),
        ["a certificate chain in place of the key"] = (BundleRefusal.UnsupportedMethod, "'certificate'", f => f.Sign(inBundle: b => b["verificationMaterial"] = new JsonObject { ["x509CertificateChain"] = new JsonObject() })),
        ["the hint of an unknown key"] = (BundleRefusal.UnknownKey, "not trusted", f => f.Sign(inBundle: b => Material(b)["publicKey"]!["hint"] = new string('0', 64))),
        ["another payload type"] = (BundleRefusal.WrongType, "payload type", f => f.Sign(inBundle: b => Envelope(b)["payloadType"] = "application/vnd.orleanshybrid.document+json")),
        ["no payload"] = (BundleRefusal.WrongShape, "'payload'", f => f.Sign(inBundle: b => Envelope(b).Remove("payload"))),
        ["a payload that is no base64"] = (BundleRefusal.WrongShape, "'payload'", f => f.Sign(inBundle: b => Envelope(b)["payload"] = "%%%%")),
        ["a payload with a line end in it"] = (BundleRefusal.WrongShape, "'payload'", f => f.Sign(inBundle: b => Envelope(b)["payload"] = ((string)Envelope(b)["payload"]!).Insert(8, "\n"))),
        ["an envelope's member that the form does not have"] = (BundleRefusal.WrongShape, "'extra'", f => f.Sign(inBundle: b => Envelope(b)["extra"] = 1)),
        ["no signatures"] = (BundleRefusal.WrongShape, "'signatures'", f => f.Sign(inBundle: b => Envelope(b)["signatures"] = new JsonArray())),
        ["more signatures than are tried"] = (BundleRefusal.WrongShape, "'signatures'", f => f.Sign(inBundle: b => Envelope(b)["signatures"] = new JsonArray([.. Enumerable.Range(0, Limits.SignaturesPerEnvelopeMax + 1).Select(_ => new JsonObject { ["sig"] = "AAAA" })]))),
        ["a key id that is a number"] = (BundleRefusal.WrongShape, "'signatures'", f => f.Sign(inBundle: b => First(b)["keyid"] = 7)),
        ["a signature of zeros"] = (BundleRefusal.WrongSignature, "trusted here", f => f.Sign(inBundle: b => First(b)["sig"] = Convert.ToBase64String(new byte[70]))),
        ["a signature with a byte behind it"] = (BundleRefusal.WrongSignature, "trusted here", f => f.Sign(inBundle: b => First(b)["sig"] = Convert.ToBase64String([.. Convert.FromBase64String((string)First(b)["sig"]!), 0]))),
        ["the signature of another version"] = (BundleRefusal.WrongSignature, "trusted here", f => f.Sign(inBundle: b => First(b)["sig"] = (string)First(JsonNode.Parse(f.Sign(s => s["subject"]![0]!["name"] = "2"))!.AsObject())["sig"]!)),
        ["signed without the encoding around"] = (BundleRefusal.WrongSignature, "trusted here", f => f.Sign(inBundle: b => First(b)["sig"] = Convert.ToBase64String(f.SignRaw(Convert.FromBase64String((string)Envelope(b)["payload"]!))))),
        ["a payload exchanged after signing"] = (BundleRefusal.WrongSignature, "trusted here", f => f.Sign(inBundle: b => Envelope(b)["payload"] = Convert.ToBase64String("{}"u8))),
        ["a statement that is no JSON"] = (BundleRefusal.NotJson, "statement", f => f.Sign("no"u8.ToArray())),
        ["a statement with a member twice"] = (BundleRefusal.DuplicateMember, "'_type'", f => f.Sign("{\"_type\":\"a\",\"_type\":\"b\"}"u8.ToArray())),
        ["another statement type"] = (BundleRefusal.WrongType, "in-toto", f => f.Sign(s => s["_type"] = "https://in-toto.io/Statement/v0.1")),
        ["the predicate of the older draft"] = (BundleRefusal.WrongType, "predicate type", f => f.Sign(s => s["predicateType"] = "https://model_signing/Digests/v0.1")),
        ["two subjects"] = (BundleRefusal.WrongShape, "one subject", f => f.Sign(s => s["subject"]!.AsArray().Add(s["subject"]![0]!.DeepClone()))),
        ["a subject without a name"] = (BundleRefusal.WrongShape, "a name", f => f.Sign(s => s["subject"]![0]!["name"] = "")),
        ["no predicate"] = (BundleRefusal.WrongShape, "a predicate", f => f.Sign(s => s.Remove("predicate"))),
        ["no serialization"] = (BundleRefusal.WrongShape, "serialization", f => f.Sign(s => s["predicate"]!.AsObject().Remove("serialization"))),
        ["files hashed in parts"] = (BundleRefusal.UnsupportedMethod, "'files'", f => f.Sign(s => Serialization(s)["method"] = "shards")),
        ["another hash"] = (BundleRefusal.UnsupportedMethod, "sha256", f => f.Sign(s => Serialization(s)["hash_type"] = "blake3")),
        ["links allowed"] = (BundleRefusal.UnsupportedMethod, "allow_symlinks", f => f.Sign(s => Serialization(s)["allow_symlinks"] = true)),
        ["a shard size where there are no shards"] = (BundleRefusal.WrongShape, "'shard_size'", f => f.Sign(s => Serialization(s)["shard_size"] = 1)),
        ["ignored paths that are no texts"] = (BundleRefusal.WrongShape, "ignore_paths", f => f.Sign(s => Serialization(s)["ignore_paths"] = new JsonArray(1))),
        ["no file at all"] = (BundleRefusal.WrongShape, "at least one", f => f.Sign(s => s["predicate"]!["resources"] = new JsonArray())),
        ["one file with another hash"] = (BundleRefusal.WrongShape, "resource", f => f.Sign(s => Resource(s, 0)["algorithm"] = "blake3")),
        ["a digest in capitals"] = (BundleRefusal.WrongShape, "resource", f => f.Sign(s => Resource(s, 0)["digest"] = ((string)Resource(s, 0)["digest"]!).ToUpperInvariant())),
        ["a digest cut short"] = (BundleRefusal.WrongShape, "resource", f => f.Sign(s => Resource(s, 0)["digest"] = "00")),
        ["a file more than the root digest covers"] = (BundleRefusal.WrongRootDigest, "root digest", f => f.Sign(s => Resources(s).Add(new JsonObject { ["name"] = "x", ["algorithm"] = "sha256", ["digest"] = new string('0', 64) }))),
        ["a file less than the root digest covers"] = (BundleRefusal.WrongRootDigest, "root digest", f => f.Sign(s => Resources(s).RemoveAt(0))),
        ["two files' digests exchanged"] = (BundleRefusal.WrongRootDigest, "root digest", f => f.Sign(s => (Resource(s, 0)["digest"], Resource(s, 1)["digest"]) = ((string)Resource(s, 1)["digest"]!, (string)Resource(s, 0)["digest"]!))),
        ["no root digest"] = (BundleRefusal.WrongRootDigest, "root digest", f => f.Sign(s => s["subject"]![0]!["digest"] = new JsonObject { ["sha512"] = "00" })),
        ["a name that climbs out"] = (BundleRefusal.UnsafeName, "'..'", f => f.Sign(s => Resource(s, 0)["name"] = "../outside")),
        ["a file listed twice"] = (BundleRefusal.NamesCollide, "twice", f => f.Sign(s => Resource(s, 0)["name"] = "model.yaml")),
        ["more files than a version has"] = (BundleRefusal.TooLarge, "files", f => f.Sign(s => s["predicate"]!["resources"] = new JsonArray([.. Enumerable.Range(0, Limits.FilesPerVersionMax + 1).Select(i => new JsonObject { ["name"] = $"f{i}", ["algorithm"] = "sha256", ["digest"] = new string('0', 64) })]))),
    };

    public static TheoryData<string> Names => [.. Tampers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Signature_with_this_is_refused_for_its_reason(string tamper)
    {
        using var forger = new Forger();
        var (refusal, place, make) = Tampers[tamper];

        var verdict = BundleSignature.Verify(make(forger), [forger.Public]);

        Assert.Null(verdict.Statement);
        Assert.Equal(refusal, verdict.Problem!.Refusal);
        Assert.Contains(place, verdict.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Signature_without_any_tampering_is_taken()
    {
        using var forger = new Forger();

        Assert.Null(BundleSignature.Verify(forger.Sign(), [forger.Public]).Problem);
    }

    [Fact]
    public void Signature_of_one_trusted_key_that_names_another_is_refused()
    {
        using var one = new Forger();
        using var other = new Forger();

        var problem = BundleSignature.Verify(one.Sign(inBundle: b => Material(b)["publicKey"]!["hint"] = other.Public.KeyId), [one.Public, other.Public]).Problem;

        Assert.Equal(BundleRefusal.WrongSignature, problem!.Refusal);
    }

    [Theory]
    [InlineData("absent")]
    [InlineData("null")]
    [InlineData("a text")]
    public void Key_id_of_a_signature_may_be_anything_that_the_specification_names(string form)
    {
        using var forger = new Forger();
        var signature = forger.Sign(inBundle: b =>
        {
            if (form == "absent") First(b).Remove("keyid");
            else First(b)["keyid"] = form == "null" ? null : form;
        });

        Assert.Null(BundleSignature.Verify(signature, [forger.Public]).Problem);
    }

    private static byte[] Text(Forger forger, Func<string, string> change, Action<byte[]>? after = null)
    {
        var bytes = Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(forger.Sign())));
        after?.Invoke(bytes);
        return bytes;
    }

    private static JsonObject Material(JsonObject bundle) => bundle["verificationMaterial"]!.AsObject();

    private static JsonObject Envelope(JsonObject bundle) => bundle["dsseEnvelope"]!.AsObject();

    private static JsonObject First(JsonObject bundle) => Envelope(bundle)["signatures"]![0]!.AsObject();

    private static JsonObject Serialization(JsonObject statement) => statement["predicate"]!["serialization"]!.AsObject();

    private static JsonArray Resources(JsonObject statement) => statement["predicate"]!["resources"]!.AsArray();

    private static JsonObject Resource(JsonObject statement, int index) => Resources(statement)[index]!.AsObject();
}
