using System.Text;
using System.Text.Json;

namespace OrleansHybrid.Domain.Bundles;

/// <summary>Reads JSON of signed things: UTF-8 without a mark, no member twice, no comments, no trailing commas, bounded depth.</summary>
public static class StrictJson
{
    private const int DepthMax = 32;
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The root object; null when it cannot be taken, then <paramref name="problem"/> says why.</summary>
    /// <param name="what">For the message: 'the signature', say.</param>
    public static JsonElement? ReadObject(ReadOnlySpan<byte> text, string what, out BundleProblem? problem)
    {
        problem = null;
        try
        {
            Utf8.GetCharCount(text);
            var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = DepthMax });
            using var document = JsonDocument.ParseValue(ref reader);
            if (reader.BytesConsumed != text.Length && !IsBlank(text[(int)reader.BytesConsumed..])) problem = NotJson(what);
            else if (document.RootElement.ValueKind != JsonValueKind.Object) problem = NotJson(what);
            else if (Twice(document.RootElement) is { } name) problem = new BundleProblem(BundleRefusal.DuplicateMember, $"{what}: the member '{Cut(name)}' stands twice in one object. Each may stand once.");
            else return document.RootElement.Clone();
        }
        catch (Exception broken) when (broken is JsonException or ArgumentException or InvalidOperationException)
        {
            // The last of them is how half a surrogate pair, written as \u escape, shows.
            problem = NotJson(what);
        }

        return null;
    }

    /// <summary>A text member, or null when it is missing or no text.</summary>
    public static string? Text(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    /// <summary>A member of a kind, or null.</summary>
    public static JsonElement? Member(this JsonElement parent, string name, JsonValueKind kind) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) && member.ValueKind == kind ? member : null;

    /// <summary>The first member that is none of the names; null when there is none.</summary>
    public static string? Stranger(this JsonElement parent, params ReadOnlySpan<string> names)
    {
        foreach (var member in parent.EnumerateObject())
        {
            if (!names.Contains(member.Name)) return Cut(member.Name);
        }

        return null;
    }

    private static bool IsBlank(ReadOnlySpan<byte> rest) => rest.TrimStart(" \t\r\n"u8).IsEmpty;

    /// <summary>Also reads every text once: one that no text can hold is refused here, not when somebody asks for it.</summary>
    private static string? Twice(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String) element.GetString();
        if (element.ValueKind == JsonValueKind.Array) return element.EnumerateArray().Select(Twice).FirstOrDefault(t => t is not null);
        if (element.ValueKind != JsonValueKind.Object) return null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            if (!seen.Add(member.Name)) return member.Name;
            if (Twice(member.Value) is { } deeper) return deeper;
        }

        return null;
    }

    private static BundleProblem NotJson(string what) => new(BundleRefusal.NotJson, $"{what}: expected one JSON object in UTF-8; came something else. Take the file as its signer wrote it.");

    private static string Cut(string text) => text.Length <= 64 ? text : text[..64] + "…";
}
