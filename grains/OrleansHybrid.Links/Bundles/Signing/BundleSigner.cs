using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Links.Bundles.Signing;

/// <summary>A signature that was made, or why none was.</summary>
/// <param name="Signature">The bytes of <c>model.sig</c>; null with a problem.</param>
/// <param name="Statement">What they say, read back as a verifier reads it.</param>
/// <param name="Bytes">Of all files signed.</param>
public readonly record struct BundleSigned(byte[]? Signature, BundleStatement? Statement, BundleProblem? Problem, long Bytes = 0);

/// <summary>Signs a version's folder in the form of OpenSSF Model Signing 1.0, key method: the counterpart of <see cref="BundleSignature"/>.</summary>
/// <remarks>
/// The same folder gives the same statement byte for byte; the signature over it differs each time (ECDSA's nonce). What is left out is written into the
/// statement. A signature leaves here only after it was verified with the key's public half, so what this signs, <see cref="BundleSignature"/> takes.
/// </remarks>
/// <example><code>
/// var signed = await BundleSigner.SignAsync("models/keyword/3", key, [], progress, cancellationToken);
/// if (signed.Problem is { } problem) return Refuse(problem);
/// BundleSigner.Write("models/keyword/3", signed.Signature!);
/// </code></example>
public static class BundleSigner
{
    // Base64 has a '+', which the default encoder would write as six characters.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="key">A private key on P-256 or P-384.</param>
    /// <param name="ignore">Paths below the folder to leave out, besides <see cref="BundleNames.NeverSigned"/>.</param>
    public static async Task<BundleSigned> SignAsync(string folder, ECDsa key, IReadOnlyList<string> ignore, IProgress<BundleProgress>? progress, CancellationToken cancellationToken)
    {
        if (BundleIgnorePaths.Check(ignore) is { } unsafePath) return Refused(unsafePath);
        var content = await BundleFolder.ReadAsync(folder, ignore, progress, cancellationToken);
        if (content.Digests is not { } digests) return Refused(content.Problem!);
        if (digests.Count == 0) return Refused(new BundleProblem(BundleRefusal.MissingFile, $"'{folder}' holds no file to sign. Put the version's files there: model.yaml and its variants."));
        if (BundleNames.Check([.. digests.Keys]) is { } names) return Refused(names);
        var signature = Sign(key, BundleStatementWriter.Write(NameOf(folder), [.. digests.Select(d => new BundleFile(d.Key, d.Value))], ignore));
        var verdict = BundleSignature.Verify(signature, [PublicHalf(key)]);
        return verdict.Problem is { } problem ? Refused(problem) : new BundleSigned(signature, verdict.Statement, null, content.Bytes);
    }

    /// <summary>Puts the signature into the folder; an older one is replaced, and a link in its place is not followed.</summary>
    public static string Write(string folder, byte[] signature)
    {
        var path = Path.Combine(folder, BundleNames.SignatureFile);
        File.Delete(path);
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        file.Write(signature);
        file.Flush(flushToDisk: true);
        return path;
    }

    /// <summary>The public key as verifiers hold it.</summary>
    internal static PublisherKey PublicHalf(ECDsa key) =>
        PublisherKey.Read("the signing key", key.ExportSubjectPublicKeyInfoPem(), out var problem) ?? throw new ArgumentException(problem!.Message, nameof(key));

    private static byte[] Sign(ECDsa key, byte[] statement)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Plain))
        {
            json.WriteStartObject();
            json.WriteString("mediaType", BundleSignature.MediaType);
            json.WriteStartObject("verificationMaterial");
            json.WriteStartObject("publicKey");
            json.WriteString("hint", PublicHalf(key).KeyId);
            json.WriteEndObject();
            json.WriteStartArray("tlogEntries");
            json.WriteEndArray();
            json.WriteEndObject();
            json.WritePropertyName("dsseEnvelope");
            DsseSigner.WriteTo(json, key, BundleSignature.PayloadType, statement);
            json.WriteEndObject();
        }

        return text.ToArray();
    }

    /// <summary>The last part of the path, as the specification names a model.</summary>
    private static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) is { Length: > 0 } name ? name : "model";

    private static BundleSigned Refused(BundleProblem problem) => new(null, null, problem);
}
