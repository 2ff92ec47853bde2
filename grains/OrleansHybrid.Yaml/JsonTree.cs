using System.Text.Json;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Yaml;

/// <summary>Reads JSON into the same values as <see cref="YamlTree"/>, so that one reader serves both forms. Errors name key paths; places are not known.</summary>
public static class JsonTree
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = Limits.ManifestDepthMax + 1, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The root value, or the one error because of which there is none.</summary>
    public static (YamlValue? Root, ManifestError? Error) Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > Limits.ManifestBytesMax)
        {
            return (null, new("", $"at most {Limits.ManifestBytesMax} bytes", $"{bytes.Length} bytes", "Keep data out of this file"));
        }

        try
        {
            using var document = JsonDocument.Parse(bytes, Options);
            return (Of(document.RootElement), null);
        }
        catch (JsonException wrong)
        {
            var error = new ManifestError("", "JSON", ManifestText.Quote(wrong.Message), "Correct the syntax at this place");
            return (null, error with { Line = (int)(wrong.LineNumber ?? 0) + 1, Column = (int)(wrong.BytePositionInLine ?? 0) + 1 });
        }
    }

    private static YamlValue Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => new YamlMap([.. value.EnumerateObject().Select(p => new YamlEntry(p.Name, default, Of(p.Value)))], default),
        JsonValueKind.Array => new YamlList([.. value.EnumerateArray().Select(Of)], default),
        JsonValueKind.String => new YamlScalar(value.GetString()!, YamlScalarKind.Text, default),
        JsonValueKind.Number => new YamlScalar(value.GetRawText(), YamlScalars.KindOf(value.GetRawText()), default),
        JsonValueKind.True or JsonValueKind.False => new YamlScalar(value.GetRawText(), YamlScalarKind.Boolean, default),
        _ => new YamlScalar("", YamlScalarKind.Null, default),
    };
}
