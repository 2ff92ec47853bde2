using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Links.Bundles.Signing;

/// <summary>Makes DSSE envelopes: the counterpart of <see cref="DsseEnvelope"/>.</summary>
/// <remarks>
/// P-256 signs with SHA-256, P-384 with SHA-384. The signature is ASN.1 DER; its <c>keyid</c> is empty, since whoever verifies tries the keys that it trusts.
/// The same payload gives other bytes each time: ECDSA takes a fresh nonce for every signature.
/// </remarks>
/// <example><code>
/// byte[] envelope = DsseSigner.Sign(documentKey, "application/vnd.orleanshybrid.document+json", payload);
/// </code></example>
public static class DsseSigner
{
    // Base64 has a '+', which the default encoder would write as six characters.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One envelope as JSON text in UTF-8.</summary>
    /// <param name="key">A private key on P-256 or P-384.</param>
    public static byte[] Sign(ECDsa key, string payloadType, byte[] payload)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Plain)) WriteTo(json, key, payloadType, payload);
        return text.ToArray();
    }

    /// <summary>The envelope as one object inside a larger text.</summary>
    internal static void WriteTo(Utf8JsonWriter json, ECDsa key, string payloadType, byte[] payload)
    {
        var hash = PublisherKey.HashOf(key) ?? throw new ArgumentException("expected a key on P-256 or P-384; came one on another curve", nameof(key));
        var signature = key.SignData(DsseEnvelope.Encode(payloadType, payload), hash, DSASignatureFormat.Rfc3279DerSequence);
        json.WriteStartObject();
        json.WriteString("payload", Convert.ToBase64String(payload));
        json.WriteString("payloadType", payloadType);
        json.WriteStartArray("signatures");
        json.WriteStartObject();
        json.WriteString("sig", Convert.ToBase64String(signature));
        json.WriteString("keyid", "");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
