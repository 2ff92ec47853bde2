using System.Text.Encodings.Web;
using System.Text.Json;
using OrleansHybrid.Domain.Bundles;

namespace OrleansHybrid.Links.Bundles.Signing;

/// <summary>Writes the in-toto statement over a version's files: pretty, since people read it, and the same bytes for the same files.</summary>
internal static class BundleStatementWriter
{
    private static readonly JsonWriterOptions Pretty = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(string subject, IReadOnlyList<BundleFile> files, IReadOnlyList<string> ignore)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Pretty))
        {
            json.WriteStartObject();
            json.WriteString("_type", "https://in-toto.io/Statement/v1");
            WriteSubject(json, subject, files);
            json.WriteString("predicateType", "https://model_signing/signature/v1.0");
            json.WriteStartObject("predicate");
            WriteResources(json, files);
            WriteSerialization(json, ignore);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return text.ToArray();
    }

    private static void WriteSubject(Utf8JsonWriter json, string name, IReadOnlyList<BundleFile> files)
    {
        json.WriteStartArray("subject");
        json.WriteStartObject();
        json.WriteString("name", name);
        json.WriteStartObject("digest");
        json.WriteString("sha256", BundleDigests.RootOf(files)[BundleDigests.Prefix.Length..]);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteResources(Utf8JsonWriter json, IReadOnlyList<BundleFile> files)
    {
        json.WriteStartArray("resources");
        foreach (var file in files.OrderBy(f => f.Name, Comparer<string>.Create(BundleNames.Compare)))
        {
            json.WriteStartObject();
            json.WriteString("name", file.Name);
            json.WriteString("algorithm", "sha256");
            json.WriteString("digest", file.Digest[BundleDigests.Prefix.Length..]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSerialization(Utf8JsonWriter json, IReadOnlyList<string> ignore)
    {
        json.WriteStartObject("serialization");
        json.WriteString("method", "files");
        json.WriteString("hash_type", "sha256");
        json.WriteBoolean("allow_symlinks", false);
        json.WriteStartArray("ignore_paths");
        foreach (var path in BundleNames.NeverSigned.Concat(ignore.Select(p => p.TrimEnd('/'))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)) json.WriteStringValue(path);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
