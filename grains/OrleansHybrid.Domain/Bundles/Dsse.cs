using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace OrleansHybrid.Domain.Bundles;

/// <summary>A DSSE envelope: a payload, its type and signatures over both. Nothing of the payload is believed before a signature is verified.</summary>
/// <remarks>Source: the Dead Simple Signing Envelope protocol, secure-systems-lab/dsse. One signature is enough; each is tried against each trusted key.</remarks>
public sealed record DsseEnvelope(string PayloadType, byte[] Payload, IReadOnlyList<byte[]> Signatures)
{
    /// <summary>What is signed: <c>DSSEv1</c>, then type and payload, each with its length in bytes before it, all with single spaces between.</summary>
    public static byte[] Encode(string payloadType, ReadOnlySpan<byte> payload)
    {
        var type = Encoding.UTF8.GetBytes(payloadType);
        var head = Encoding.UTF8.GetBytes(FormattableString.Invariant($"DSSEv1 {type.Length} {payloadType} {payload.Length} "));
        return [.. head, .. payload];
    }

    /// <summary>Reads an envelope's shape; null when it has another, then <paramref name="problem"/> says which.</summary>
    public static DsseEnvelope? Read(JsonElement envelope, string what, out BundleProblem? problem)
    {
        problem = null;
        if (envelope.Stranger("payload", "payloadType", "signatures") is { } stranger) problem = new BundleProblem(BundleRefusal.WrongShape, $"{what}: the envelope's member '{stranger}' is not one of its form. Take the file as its signer wrote it.");
        else if (envelope.Text("payloadType") is not { Length: > 0 } type) problem = Shape(what, "payloadType", "a text");
        else if (envelope.Text("payload") is not { Length: > 0 } payload || !TryDecode(payload, out var bytes)) problem = Shape(what, "payload", "bytes in base64");
        else if (envelope.Member("signatures", JsonValueKind.Array) is not { } list || list.GetArrayLength() is < 1 or > Limits.SignaturesPerEnvelopeMax) problem = Shape(what, "signatures", $"a list of 1 to {Limits.SignaturesPerEnvelopeMax}");
        else if (ReadSignatures(list) is not { } signatures) problem = Shape(what, "signatures", "objects with 'sig' in base64");
        else return new DsseEnvelope(type, bytes, signatures);
        return null;
    }

    /// <summary>The first of the keys that made one of the signatures; null when none did.</summary>
    public PublisherKey? VerifiedBy(IEnumerable<PublisherKey> keys)
    {
        var signed = Encode(PayloadType, Payload);
        return keys.FirstOrDefault(key => Signatures.Any(signature => key.Verifies(signed, signature)));
    }

    private static List<byte[]>? ReadSignatures(JsonElement list)
    {
        var signatures = new List<byte[]>();
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || item.Stranger("sig", "keyid") is not null || !IsKeyId(item)) return null;
            if (item.Text("sig") is not { Length: > 0 } sig || !TryDecode(sig, out var bytes)) return null;
            signatures.Add(bytes);
        }

        return signatures;
    }

    /// <summary>Absent, null or any text: nothing rests on it.</summary>
    private static bool IsKeyId(JsonElement item) => !item.TryGetProperty("keyid", out var id) || id.ValueKind is JsonValueKind.Null or JsonValueKind.String;

    /// <summary>One text for the same bytes: spaces between, or other bits in the last character, are refused.</summary>
    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = [];
        if (!Base64.IsValid(text)) return false;
        bytes = Convert.FromBase64String(text);
        return bytes.Length > 0 && Convert.ToBase64String(bytes) == text;
    }

    private static BundleProblem Shape(string what, string member, string expected) =>
        new(BundleRefusal.WrongShape, $"{what}: expected in '{member}' {expected}; came something else. Take the file as its signer wrote it.");
}
