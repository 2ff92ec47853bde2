using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.EndToEnd.Tests.Bundles;
using OrleansHybrid.Links.Bundles.Signing;

namespace OrleansHybrid.EndToEnd.Tests.Tamper;

/// <summary>What a publisher never signs by our tools, signed with its key all the same: a good signature over something else.</summary>
internal static class ForgedSignature
{
    /// <param name="statement">Changes what is signed; the root digest is made right afterwards, unless <paramref name="keepRoot"/>.</param>
    /// <param name="around">Changes the file around the envelope.</param>
    public static byte[] Of(PushedVersion version, Action<JsonObject>? statement = null, Action<JsonObject>? around = null, string type = BundleSignature.PayloadType, bool keepRoot = false)
    {
        var file = JsonNode.Parse(version.Signature)!.AsObject();
        var signed = JsonNode.Parse(Convert.FromBase64String((string)file["dsseEnvelope"]!["payload"]!))!.AsObject();
        statement?.Invoke(signed);
        if (!keepRoot && signed["subject"]?[0]?["digest"] is { } digest) digest["sha256"] = RootOf(signed);
        using var key = version.OpenKey();
        file["dsseEnvelope"] = JsonNode.Parse(DsseSigner.Sign(key, type, Encoding.UTF8.GetBytes(signed.ToJsonString())));
        around?.Invoke(file);
        return Encoding.UTF8.GetBytes(file.ToJsonString());
    }

    /// <summary>A good signature that lists one file more, under any name.</summary>
    public static byte[] WithFile(PushedVersion version, string name) => Of(version, s => Resources(s).Add(new JsonObject { ["name"] = name, ["algorithm"] = "sha256", ["digest"] = new string('a', 64) }));

    public static JsonArray Resources(JsonObject statement) => statement["predicate"]!["resources"]!.AsArray();

    public static JsonObject Serialization(JsonObject statement) => statement["predicate"]!["serialization"]!.AsObject();

    private static string RootOf(JsonObject statement)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Resources(statement)) hash.AppendData(Convert.FromHexString((string)file!["digest"]!));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
