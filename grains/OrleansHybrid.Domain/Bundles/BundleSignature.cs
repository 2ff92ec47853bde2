using System.Text.Json;

namespace OrleansHybrid.Domain.Bundles;

/// <summary>Reads and verifies a signature file in the form of OpenSSF Model Signing 1.0: a Sigstore bundle with a DSSE envelope around an in-toto statement. Pure.</summary>
/// <remarks>
/// Rules kept here, in this order: strict JSON; the bundle's shape and media type; the key method; a trusted key verifies the envelope; only then the
/// statement is read: its types, SHA-256 over whole files, safe names, and a root digest that is that of the listed files.
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

    public static BundleVerdict Verify(ReadOnlySpan<byte> signatureFile, IReadOnlyList<PublisherKey> trusted)
    {
        if (ReadEnvelope(signatureFile, out var hint, out var problem) is not { } envelope) return new BundleVerdict(null, problem);
        if (envelope.VerifiedBy(trusted) is { } key) return BundleStatementReader.Read(envelope.Payload, key.KeyId);
        return trusted.Any(k => k.KeyId == hint)
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
        else if (root.Member("verificationMaterial", JsonValueKind.Object) is not { } material) problem = Missing("verificationMaterial");
        else if (root.Member("dsseEnvelope", JsonValueKind.Object) is not { } envelope) problem = Missing("dsseEnvelope");
        else if (material.Member("publicKey", JsonValueKind.Object) is not { } publicKey) problem = OtherMethod(material);
        else if (DsseEnvelope.Read(envelope, What, out problem) is { } read)
        {
            hint = publicKey.Text("hint") ?? "";
            if (read.PayloadType == PayloadType) return read;
            problem = new BundleProblem(BundleRefusal.WrongType, $"{What}: expected the payload type {PayloadType}; came another. It is a signature over something else.");
        }

        return null;
    }

    private static BundleProblem OtherMethod(JsonElement material) =>
        material.TryGetProperty("certificate", out _) || material.TryGetProperty("x509CertificateChain", out _)
            ? new BundleProblem(BundleRefusal.UnsupportedMethod, $"{What} was made with a certificate. Only the key method is taken: sign with 'hybrid sign --key'.")
            : Missing("verificationMaterial.publicKey");

    private static BundleProblem Missing(string member) => new(BundleRefusal.WrongShape, $"{What}: '{member}' is missing or no object. Take the file as its signer wrote it.");

    private static string Short(string hint) => hint.Length == 0 ? "it names none" : "key " + new string([.. hint.Take(16).Where(char.IsAsciiLetterOrDigit)]);
}
