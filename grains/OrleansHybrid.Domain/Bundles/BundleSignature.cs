using System.Text;
using System.Text.Json;

namespace OrleansHybrid.Domain.Bundles;

/// <summary>Reads and verifies a signature file in the form of OpenSSF Model Signing 1.0: a Sigstore bundle with a DSSE envelope around an in-toto statement. Pure.</summary>
/// <remarks>
/// Rules kept here, in this order: strict JSON; the bundle's shape and media type; the key method; the trusted key that the file names (each trusted key,
/// when it names none) verifies the envelope; only then the statement is read: its types, SHA-256 over whole files, safe names, and a root digest that is
/// that of the listed files.
/// Left to the caller: that the files are what the statement says (<see cref="BundleFolderRules"/>).
/// </remarks>
/// <example><code>
/// var verdict = BundleSignature.Verify(bytes, trusted);
/// if (verdict.Problem is { } problem) return Refuse(problem);
/// </code></example>
public static class BundleSignature
{
    public const string MediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";
    public const string PayloadType = "application/vnd.in-toto+json";
    private const string MediaTypePrefix = "application/vnd.dev.sigstore.bundle";
    private const string What = "the signature";

    private static readonly string[] Methods = ["publicKey", "certificate", "x509CertificateChain"];

    public static BundleVerdict Verify(ReadOnlySpan<byte> signatureFile, IReadOnlyList<PublisherKey> trusted)
    {
        if (ReadEnvelope(signatureFile, out var hint, out var problem) is not { } envelope) return new BundleVerdict(null, problem);
        var named = hint.Length == 0 ? trusted : [.. trusted.Where(k => k.KeyId == hint)];
        if (envelope.VerifiedBy(named) is { } key) return BundleStatementReader.Read(envelope.Payload, key.KeyId);
        return hint.Length > 0 && named.Count > 0
            ? BundleVerdict.Refused(BundleRefusal.WrongSignature, $"{What} names the key {Short(hint)}, which is trusted here, and is not its signature over these bytes. Sign the version again.")
            : BundleVerdict.Refused(BundleRefusal.UnknownKey, $"{What} was made by a key that is not trusted here ({Short(hint)}). Add the publisher's public key to the publishers' folder, or sign with a key that is there.");
    }

    /// <summary>The envelope of the key method; null when the file is none, then <paramref name="problem"/> says why.</summary>
    /// <param name="hint">The key that the file names; empty when it names none.</param>
    public static DsseEnvelope? ReadEnvelope(ReadOnlySpan<byte> signatureFile, out string hint, out BundleProblem? problem)
    {
        hint = "";
        if (signatureFile.Length > Limits.SignatureBytesMax)
        {
            problem = new BundleProblem(BundleRefusal.TooLarge, $"{What} has {signatureFile.Length} bytes; {Limits.SignatureBytesMax} are the most. Sign fewer files.");
            return null;
        }

        if (StrictJson.ReadObject(signatureFile, What, out problem) is not { } root) return null;
        if (root.Text("mediaType")?.StartsWith(MediaTypePrefix, StringComparison.Ordinal) != true) problem = new BundleProblem(BundleRefusal.WrongType, $"{What}: expected the media type {MediaType}; came another. Sign with a tool for OpenSSF Model Signing 1.0.");
        else if (root.Stranger("mediaType", "verificationMaterial", "dsseEnvelope") is { } stranger) problem = new BundleProblem(BundleRefusal.WrongShape, $"{What}: the member '{stranger}' is not one of its form. Take the file as its signer wrote it.");
        else if (root.Member("verificationMaterial", JsonValueKind.Object) is not { } material) problem = Missing("verificationMaterial");
        else if (root.Member("dsseEnvelope", JsonValueKind.Object) is not { } envelope) problem = Missing("dsseEnvelope");
        else if (OtherMethod(material) is { } other) problem = other;
        else if (material.Member("publicKey", JsonValueKind.Object) is not { } publicKey) problem = Missing("verificationMaterial.publicKey");
        else if (KeyNamed(publicKey) is not { } named) problem = Missing("verificationMaterial.publicKey.hint");
        else if (DsseEnvelope.Read(envelope, What, out problem) is { } read)
        {
            hint = named;
            if (read.PayloadType == PayloadType) return read;
            problem = new BundleProblem(BundleRefusal.WrongType, $"{What}: expected the payload type {PayloadType}; came another. It is a signature over something else.");
        }

        return null;
    }

    /// <summary>Null when it is the key method, or none at all.</summary>
    private static BundleProblem? OtherMethod(JsonElement material)
    {
        string[] methods = [.. Methods.Where(m => material.TryGetProperty(m, out _))];
        if (methods.Length > 1) return new BundleProblem(BundleRefusal.WrongShape, $"{What} states two signing methods. It may state one: take the file as its signer wrote it.");
        if (methods is ["publicKey"] or []) return null;
        if (methods is ["certificate"] && !(material.Member("tlogEntries", JsonValueKind.Array)?.GetArrayLength() > 0)) return Missing("verificationMaterial.tlogEntries");
        return new BundleProblem(BundleRefusal.UnsupportedMethod, $"{What} was made by the method '{(methods is ["certificate"] ? "sigstore" : "certificate")}'. Only the key method is taken: sign with 'hybrid sign --key'.");
    }

    /// <summary>The hint; for the older form with the key's PEM text in its place, that key's id, or nothing when it cannot be read. Null when there is neither.</summary>
    private static string? KeyNamed(JsonElement publicKey)
    {
        if (publicKey.Text("hint") is { } hint) return hint;
        if (publicKey.Text("rawBytes") is not { } raw) return null;
        var bytes = new byte[raw.Length];
        return Convert.TryFromBase64String(raw, bytes, out var count) ? PublisherKey.Read(What, Encoding.UTF8.GetString(bytes, 0, count), out _)?.KeyId ?? "" : null;
    }

    private static BundleProblem Missing(string member) => new(BundleRefusal.WrongShape, $"{What}: '{member}' is missing or not of its kind. Take the file as its signer wrote it.");

    private static string Short(string hint) => hint.Length == 0 ? "it names none" : "key " + new string([.. hint.Take(16).Where(char.IsAsciiLetterOrDigit)]);
}
