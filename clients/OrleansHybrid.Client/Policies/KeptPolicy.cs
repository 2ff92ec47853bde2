using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansHybrid.Domain;
using OrleansHybrid.Links.Fleet;

namespace OrleansHybrid.Client;

/// <summary>The last good policy as it stands in the data folder: <c>policy.json</c>, 0600.</summary>
internal sealed record KeptPolicy(string Name, long Revision, string Digest, string Text, DateTimeOffset ConfirmedAt)
{
    private const string FileName = "policy.json";

    /// <summary>The text is base64-free JSON: escapes at most double it, and a policy's size is bounded.</summary>
    private const int BytesMax = (Limits.ManifestBytesMax * 6) + 4096;

    /// <summary>Null when there is none; a file that is not whole is left alone and told.</summary>
    public static KeptPolicy? Read(DeviceFolder folder, Action<string> note)
    {
        try
        {
            if (folder.TryRead(FileName, BytesMax) is not { } bytes) return null;
            var kept = JsonSerializer.Deserialize(bytes, KeptPolicyJson.Default.KeptPolicy);
            if (kept is { Name: not null, Text: not null } && FleetClient.DigestOf(kept.Text) == kept.Digest) return kept;
            note($"The policy kept in {FileName} is not whole: its digest is another text's. It is not applied; the cell is asked for it.");
        }
        catch (Exception broken) when (broken is JsonException or IOException or UnauthorizedAccessException)
        {
            note($"The policy kept in {FileName} cannot be read ({broken.GetType().Name}). It is not applied; the cell is asked for it.");
        }

        return null;
    }

    public void Write(DeviceFolder folder) => folder.Write(FileName, JsonSerializer.SerializeToUtf8Bytes(this, KeptPolicyJson.Default.KeptPolicy));
}

[JsonSerializable(typeof(KeptPolicy))]
internal sealed partial class KeptPolicyJson : JsonSerializerContext;
