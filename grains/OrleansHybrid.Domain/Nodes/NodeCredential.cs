using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace OrleansHybrid.Domain.Nodes;

/// <summary>Whose credential or token it is.</summary>
public enum EnrolledKind
{
    Node,
    Region,
}

/// <summary>What a node's or region's own credential states.</summary>
/// <param name="Cell">The cell that gave it: no other one takes it.</param>
/// <param name="Node">The node's or region's name.</param>
/// <param name="Serial">Random; what is revoked.</param>
[GenerateSerializer, Immutable, Alias("hybrid.node-credential")]
public sealed record NodeCredential(
    [property: Id(0)] string Cell,
    [property: Id(1)] string Node,
    [property: Id(2)] EnrolledKind Kind,
    [property: Id(3)] string Serial,
    [property: Id(4)] DateTimeOffset Issued);

/// <summary>The credential as it travels: <c>hyn_</c>, base64url of its JSON, a point, base64url of an HMAC-SHA256 with the cell's fleet key. Pure; checking one looks nothing up.</summary>
public static class NodeCredentialText
{
    public const string Prefix = "hyn_";

    public static string Write(NodeCredential credential, ReadOnlySpan<byte> fleetKey)
    {
        var payload = Base64Url.EncodeToString(JsonOf(credential));
        return $"{Prefix}{payload}.{Base64Url.EncodeToString(Sign(payload, fleetKey))}";
    }

    /// <summary>What the text states, or null when it was not made with the key. Compared in constant time before anything of it is read.</summary>
    public static NodeCredential? Verify(string text, ReadOnlySpan<byte> fleetKey)
    {
        if (text.Length > Limits.NodeCredentialCharsMax || !text.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        var point = text.LastIndexOf('.');
        if (point < Prefix.Length) return null;
        var payload = text[Prefix.Length..point];
        if (!TryDecode(text[(point + 1)..], out var mac) || !CryptographicOperations.FixedTimeEquals(mac, Sign(payload, fleetKey))) return null;
        return TryDecode(payload, out var json) ? Read(json) : null;
    }

    private static byte[] Sign(string payload, ReadOnlySpan<byte> fleetKey) => HMACSHA256.HashData(fleetKey, Encoding.ASCII.GetBytes(payload));

    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = [];
        if (!Base64Url.IsValid(text)) return false;
        bytes = Base64Url.DecodeFromChars(text);
        return true;
    }

    private static byte[] JsonOf(NodeCredential credential)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("cell", credential.Cell);
            json.WriteString("node", credential.Node);
            json.WriteString("kind", credential.Kind == EnrolledKind.Region ? "region" : "node");
            json.WriteString("serial", credential.Serial);
            json.WriteNumber("issued", credential.Issued.ToUnixTimeSeconds());
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    /// <summary>The key's holder wrote it, so its form is known; a form of a later version is refused rather than guessed at.</summary>
    private static NodeCredential? Read(byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var kind = root.GetProperty("kind").GetString() switch { "node" => EnrolledKind.Node, "region" => EnrolledKind.Region, _ => (EnrolledKind?)null };
            if (kind is null) return null;
            return new NodeCredential(
                root.GetProperty("cell").GetString()!, root.GetProperty("node").GetString()!, kind.Value, root.GetProperty("serial").GetString()!, DateTimeOffset.FromUnixTimeSeconds(root.GetProperty("issued").GetInt64()));
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }
}
