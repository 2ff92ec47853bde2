using System.Text.Json;
using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Domain.Documents;

/// <summary>Reads a document's payload. Only called on bytes whose signature was verified; what is odd is refused all the same. Pure.</summary>
public static class DocumentReader
{
    internal const string What = "the document";

    /// <summary>Null when it cannot be taken; then <paramref name="problem"/> says why.</summary>
    public static DocumentContent? Read(ReadOnlySpan<byte> payload, out BundleProblem? problem)
    {
        if (StrictJson.ReadObject(payload, What, out problem) is not { } root) return null;
        if (ReadHeader(root, out var wrong) is not { } header) problem = Shape(wrong);
        else if (!root.TryGetProperty("body", out var body)) problem = Shape("expected a body, or null for one that was removed");
        else if (body.ValueKind == JsonValueKind.Null) return new DocumentContent(header, null);
        else if (body.ValueKind != JsonValueKind.Object) problem = Shape("expected an object as its body");
        else return ReadBody(header, body, out problem);
        return null;
    }

    private static DocumentHeader? ReadHeader(JsonElement root, out string wrong)
    {
        wrong = "";
        if (root.Text("farm") is not { Length: > 0 and <= Limits.NameCharsMax } farm) wrong = "expected the farm's id";
        else if (!DocumentKey.TryParse($"{root.Text("kind")}/{root.Text("name")}", out var key)) wrong = "expected a kind (catalogue, rollout or policy) and a name";
        else if (Number(root, "revision") is not { } revision || revision < 1) wrong = "expected a revision of 1 or more";
        else if (Time(root, "issued") is not { } issued || Time(root, "expires") is not { } expires) wrong = "expected the times 'issued' and 'expires'";
        else if (expires <= issued) wrong = "expected it to expire after it was issued";
        else return new DocumentHeader(farm, key, revision, issued, expires);
        return null;
    }

    private static DocumentContent? ReadBody(DocumentHeader header, JsonElement body, out BundleProblem? problem)
    {
        problem = null;
        var content = new DocumentContent(header, System.Text.Encoding.UTF8.GetBytes(body.GetRawText()));
        if (header.Key.Kind == DocumentKind.Rollout) return content;
        if (header.Key.Kind == DocumentKind.Catalogue)
        {
            if (CatalogueReader.Read(body, out problem) is not { } entry) return null;
            if (entry.Model == header.Key.Name) return content with { Catalogue = entry };
            problem = Shape($"expected the entry of '{header.Key.Name}'; came that of another model");
            return null;
        }

        if (ReadPolicy(body, out var wrong) is { } policy && header.Key == DocumentKey.FarmPolicy) return content with { Policy = policy };
        problem = Shape(wrong.Length > 0 ? wrong : $"expected the place '{DocumentKey.FarmPolicy}' for a policy; came another");
        return null;
    }

    private static PolicyBody? ReadPolicy(JsonElement body, out string wrong)
    {
        wrong = "";
        if (body.Text("name") is not { Length: > 0 and <= Limits.NameCharsMax } name) wrong = "expected the policy's name";
        else if (Number(body, "revision") is not { } revision || revision < 0) wrong = "expected the policy's revision";
        else if (body.Text("text") is not { Length: <= Limits.ManifestBytesMax } text) wrong = "expected the policy's text";
        else if (body.Text("digest") is not { } digest || digest != BundleDigests.Of(System.Text.Encoding.UTF8.GetBytes(text))) wrong = "expected the digest of the policy's text";
        else return new PolicyBody(name, revision, text, digest);
        return null;
    }

    internal static long? Number(JsonElement parent, string name) => parent.Member(name, JsonValueKind.Number) is { } number && number.TryGetInt64(out var value) ? value : null;

    internal static DateTimeOffset? Time(JsonElement parent, string name) => parent.Member(name, JsonValueKind.String) is { } text && text.TryGetDateTimeOffset(out var value) ? value : null;

    internal static BundleProblem Shape(string wrong) => new(BundleRefusal.WrongShape, $"{What}: {wrong}. It was signed so: publish it anew at the farm's authority.");
}
