using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Domain.Tests.Bundles;

/// <summary>Signs whatever a test asks for, by the specification's text and with none of the product's code for signing.</summary>
internal sealed class Forger : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public Forger() => Public = PublisherKey.Read("forger", key.ExportSubjectPublicKeyInfoPem(), out _)!;

    public PublisherKey Public { get; }

    /// <summary>The content of the version that all tests tamper with.</summary>
    public static IReadOnlyDictionary<string, string> Files { get; } = new Dictionary<string, string>
    {
        ["labels.txt"] = "yes\nno\n",
        ["model.yaml"] = "model: a\nversion: 1\n",
        ["probes/one.json"] = "{}",
        ["tiny.onnx"] = "weights",
    };

    public static Dictionary<string, string> Digests() => Files.ToDictionary(f => f.Key, f => BundleDigests.Of(Encoding.UTF8.GetBytes(f.Value)));

    /// <summary>A statement over files, in the order given.</summary>
    public static JsonObject Statement(IEnumerable<KeyValuePair<string, string>> digests)
    {
        var files = digests.ToList();
        var root = SHA256.HashData(files.SelectMany(f => Convert.FromHexString(f.Value["sha256:".Length..])).ToArray());
        return new JsonObject
        {
            ["_type"] = "https://in-toto.io/Statement/v1",
            ["subject"] = new JsonArray(new JsonObject { ["name"] = "1", ["digest"] = new JsonObject { ["sha256"] = Convert.ToHexStringLower(root) } }),
            ["predicateType"] = "https://model_signing/signature/v1.0",
            ["predicate"] = new JsonObject
            {
                ["resources"] = new JsonArray([.. files.Select(f => new JsonObject { ["name"] = f.Key, ["algorithm"] = "sha256", ["digest"] = f.Value["sha256:".Length..] })]),
                ["serialization"] = new JsonObject { ["method"] = "files", ["hash_type"] = "sha256", ["allow_symlinks"] = false, ["ignore_paths"] = new JsonArray(".git", "notes") },
            },
        };
    }

    /// <summary>A signed statement, with a change before signing and one after.</summary>
    public byte[] Sign(Action<JsonObject>? inStatement = null, Action<JsonObject>? inBundle = null)
    {
        var statement = Statement(Digests());
        inStatement?.Invoke(statement);
        return Sign(Encoding.UTF8.GetBytes(statement.ToJsonString()), inBundle);
    }

    public byte[] Sign(byte[] payload, Action<JsonObject>? inBundle = null)
    {
        byte[] signed = [.. Encoding.ASCII.GetBytes($"DSSEv1 28 application/vnd.in-toto+json {payload.Length} "), .. payload];
        var bundle = new JsonObject
        {
            ["mediaType"] = "application/vnd.dev.sigstore.bundle.v0.3+json",
            ["verificationMaterial"] = new JsonObject { ["publicKey"] = new JsonObject { ["hint"] = Public.KeyId }, ["tlogEntries"] = new JsonArray() },
            ["dsseEnvelope"] = new JsonObject
            {
                ["payload"] = Convert.ToBase64String(payload),
                ["payloadType"] = "application/vnd.in-toto+json",
                ["signatures"] = new JsonArray(new JsonObject { ["sig"] = Convert.ToBase64String(SignRaw(signed)), ["keyid"] = "" }),
            },
        };
        inBundle?.Invoke(bundle);
        return Encoding.UTF8.GetBytes(bundle.ToJsonString());
    }

    public byte[] SignRaw(byte[] data, DSASignatureFormat format = DSASignatureFormat.Rfc3279DerSequence) => key.SignData(data, HashAlgorithmName.SHA256, format);

    public void Dispose() => key.Dispose();
}
