using System.Text.Json.Nodes;
using OrleansHybrid.EndToEnd.Tests.Bundles;

namespace OrleansHybrid.EndToEnd.Tests.Tamper;

/// <summary>The pushes of <see cref="TamperTable"/>, by name: over the cell's calls, a good signed version, and the one that is published.</summary>
internal static class PushTricks
{
    internal delegate Task<PushAnswer> Trick(PushCalls calls, PushedVersion version, PushedVersion published);

    public static IReadOnlyDictionary<string, Trick> All { get; } = new Dictionary<string, Trick>
    {
        ["unsigned"] = (c, v, _) => c.BeginAsync(v, signature: ""),
        ["signature-no-base64"] = (c, v, _) => c.BeginAsync(v, signature: "%%%"),
        ["signature-no-json"] = (c, v, _) => BeginAsync(c, v, "nonsense"u8.ToArray()),
        ["signature-member-twice"] = (c, v, _) => BeginAsync(c, v, [.. "{\"mediaType\":\"x\","u8, .. v.Signature.AsSpan(1)]),
        ["signature-stranger-member"] = (c, v, _) => BeginAsync(c, v, ForgedSignature.Of(v, around: f => f["more"] = 1)),
        ["signature-media-type"] = (c, v, _) => BeginAsync(c, v, ForgedSignature.Of(v, around: f => f["mediaType"] = "text/plain")),
        ["signature-two-methods"] = (c, v, _) => BeginAsync(c, v, ForgedSignature.Of(v, around: f => f["verificationMaterial"]!["certificate"] = new JsonObject())),
        ["signature-other-method"] = (c, v, _) => BeginAsync(c, v, ForgedSignature.Of(v, around: f => f["verificationMaterial"] = new JsonObject { ["x509CertificateChain"] = new JsonObject() })),
        ["signature-payload-type"] = (c, v, _) => BeginAsync(c, v, ForgedSignature.Of(v, type: "text/plain")),
        ["signature-altered"] = (c, v, _) => BeginAsync(c, v, Altered(v.Signature)),
        ["signature-swapped"] = async (c, v, one) => await c.CommitAsync(Id(await c.BeginAsync(one, model: v.Model, number: v.Version))),
        ["wrong-key"] = async (c, v, _) => await c.BeginAsync(await StrangerAsync(v)),
        ["statement-type"] = (c, v, _) => BeginAsync(c, v, ForgedSignature.Of(v, s => s["_type"] = "x")),
        ["statement-predicate"] = (c, v, _) => BeginAsync(c, v, ForgedSignature.Of(v, s => s["predicateType"] = "x")),
        ["statement-two-subjects"] = (c, v, _) => BeginAsync(c, v, ForgedSignature.Of(v, s => s["subject"]!.AsArray().Add(s["subject"]![0]!.DeepClone()))),
        ["statement-other-hash"] = (c, v, _) => BeginAsync(c, v, ForgedSignature.Of(v, s => ForgedSignature.Serialization(s)["hash_type"] = "sha1")),
        ["statement-links-allowed"] = (c, v, _) => BeginAsync(c, v, ForgedSignature.Of(v, s => ForgedSignature.Serialization(s)["allow_symlinks"] = true)),
        ["statement-without-files"] = (c, v, _) => BeginAsync(c, v, ForgedSignature.Of(v, s => ForgedSignature.Resources(s).Clear())),
        ["statement-root-digest"] = (c, v, _) => BeginAsync(c, v, ForgedSignature.Of(v, s => ForgedSignature.Resources(s).RemoveAt(0), keepRoot: true)),
        ["name-path-trick"] = Named("../../evil"),
        ["name-absolute"] = Named("/etc/evil"),
        ["name-backslash"] = Named("..\\evil"),
        ["name-device"] = Named("nul.txt"),
        ["name-unicode-form"] = Named("cafe\u0301.txt"),
        ["name-control-character"] = Named("evil\u0007"),
        ["name-ends-with-dot"] = Named("evil."),
        ["name-stream"] = Named("model.yaml:evil"),
        ["name-of-the-signature"] = Named("MODEL.SIG"),
        ["name-too-deep"] = Named(string.Concat(Enumerable.Repeat("a/", 100)) + "evil"),
        ["names-differ-by-case"] = Named("NOTES.txt"),
        ["name-twice"] = Named("notes.txt"),
        ["file-more"] = (c, v, _) => c.BeginAsync(v, sizes: s => s["extra.txt"] = 3),
        ["file-less"] = (c, v, _) => c.BeginAsync(v, sizes: s => s.Remove("tiny.onnx")),
        ["size-negative"] = (c, v, _) => c.BeginAsync(v, sizes: s => s["tiny.onnx"] = -1),
        ["size-huge"] = (c, v, _) => c.BeginAsync(v, sizes: s => s["tiny.onnx"] = long.MaxValue),
        ["sizes-of-one-content"] = (c, v, _) => WithAsync(c, v, () => v.Write("copy.txt", v.Read("notes.txt")), s => s["copy.txt"]++),
        ["size-wrong-digest-right"] = (c, v, _) => FileAsync(c, v, v.Read("notes.txt"), s => s["notes.txt"]++),
        ["model-path-trick"] = (c, v, _) => c.BeginAsync(v, model: "..%5Cevil"),
        ["version-zero"] = (c, v, _) => c.BeginAsync(v, number: 0),
        ["byte-altered"] = (c, v, _) => FileAsync(c, v, Altered(v.Read("notes.txt"))),
        ["file-endless"] = (c, v, _) => FileAsync(c, v, [.. v.Read("notes.txt"), .. new byte[100_000]]),
        ["file-of-no-digest"] = async (c, v, _) => await c.PutAsync(Id(await c.BeginAsync(v)), "sha256:" + new string('0', 64), [1]),
        ["manifest-missing"] = (c, v, _) => WithAsync(c, v, () => File.Delete(Path.Combine(v.Folder, "model.yaml"))),
        ["manifest-broken"] = (c, v, _) => WithAsync(c, v, () => v.Write("model.yaml", "model: [")),
        ["manifest-other-model"] = (c, v, _) => WithAsync(c, v, () => v.Write("model.yaml", PushedVersion.Manifest("another", 2))),
        ["variant-missing"] = (c, v, _) => WithAsync(c, v, () => File.Delete(Path.Combine(v.Folder, "tiny.onnx"))),
        ["variant-broken"] = (c, v, _) => WithAsync(c, v, () => v.Write("large.onnx", [1, 2, 3])),
        ["variant-hazard"] = (c, v, _) => WithAsync(c, v, () => v.Write("tiny.onnx", PushedVersion.Hazard())),
        ["other-content-under-a-published-number"] = (c, v, one) => WithAsync(c, v, () => v.Write("model.yaml", PushedVersion.Manifest(one.Model, one.Version)), number: one.Version),
    };

    private static string Id(PushAnswer begun) => (string?)begun.Body?["id"] ?? throw new InvalidOperationException(begun.Body?.ToString());

    private static Trick Named(string name) => (calls, version, _) => BeginAsync(calls, version, ForgedSignature.WithFile(version, name));

    private static Task<PushAnswer> BeginAsync(PushCalls calls, PushedVersion version, byte[] signature) => calls.BeginAsync(version, signature: Convert.ToBase64String(signature));

    /// <summary>The same folder under a key that nobody trusts.</summary>
    private static async Task<PushedVersion> StrangerAsync(PushedVersion version)
    {
        using var stranger = new PushedVersion(version.Model, version.Version);
        await stranger.SignAsync();
        version.Write("model.sig", stranger.Signature);
        return version;
    }

    private static byte[] Altered(byte[] bytes)
    {
        // In a signature this is a character of its base64 payload; elsewhere any byte does.
        var at = bytes.Length / 2;
        byte[] altered = [.. bytes];
        altered[at] = altered[at] == (byte)'A' ? (byte)'B' : (byte)'A';
        return altered;
    }

    private static async Task<PushAnswer> FileAsync(PushCalls calls, PushedVersion version, byte[] sent, Action<Dictionary<string, long>>? sizes = null) =>
        await calls.PutAsync(Id(await calls.BeginAsync(version, sizes: sizes)), PushCalls.DigestOf(version.Read("notes.txt")), sent);

    /// <summary>A publisher signs what is wrong: signing alone makes nothing good.</summary>
    private static async Task<PushAnswer> WithAsync(PushCalls calls, PushedVersion version, Action change, Action<Dictionary<string, long>>? sizes = null, int? number = null)
    {
        change();
        await version.SignAsync();
        return sizes is null && number is null ? await calls.PushAsync(version) : await calls.BeginAsync(version, sizes: sizes, number: number);
    }
}
