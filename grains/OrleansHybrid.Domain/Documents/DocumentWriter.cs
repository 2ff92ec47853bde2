using System.Buffers;
using System.Text.Json;

namespace OrleansHybrid.Domain.Documents;

/// <summary>Writes what is signed: header and body in one fixed order, so that the same content has the same bytes. Pure. Its counterpart is <see cref="DocumentReader"/>.</summary>
public static class DocumentWriter
{
    /// <summary>What a DSSE envelope around a document names as its payload's type.</summary>
    public const string PayloadType = "application/vnd.orleanshybrid.document+json";

    /// <param name="body">One JSON object as text; null: removed.</param>
    public static byte[] Write(DocumentHeader header, byte[]? body) => Json(writer =>
    {
        var (kind, name) = Split(header.Key);
        writer.WriteString("farm", header.Farm);
        writer.WriteString("kind", kind);
        writer.WriteString("name", name);
        writer.WriteNumber("revision", header.Revision);
        writer.WriteString("issued", header.Issued);
        writer.WriteString("expires", header.Expires);
        writer.WritePropertyName("body");
        if (body is null) writer.WriteNullValue();
        else writer.WriteRawValue(body);
    });

    public static byte[] Body(PolicyBody policy) => Json(writer =>
    {
        writer.WriteString("name", policy.Name);
        writer.WriteNumber("revision", policy.Revision);
        writer.WriteString("text", policy.Text);
        writer.WriteString("digest", policy.Digest);
    });

    public static byte[] Body(CatalogueEntry entry) => Json(writer =>
    {
        writer.WriteString("model", entry.Model);
        writer.WriteStartObject("policy");
        writer.WriteString("kind", PolicyKinds.NameOf(entry.Policy.Kind));
        writer.WriteNumber("latest", entry.Policy.Latest);
        writer.WriteStartArray("specific");
        foreach (var version in entry.Policy.Specific) writer.WriteNumberValue(version);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteStartArray("versions");
        foreach (var version in entry.Versions) Write(writer, version);
        writer.WriteEndArray();
    });

    private static void Write(Utf8JsonWriter writer, CatalogueVersion version)
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", version.Version);
        writer.WriteString("bundle", version.Bundle);
        writer.WriteStartObject("signature");
        Write(writer, version.Signature);
        writer.WriteEndObject();
        writer.WriteStartArray("files");
        foreach (var file in version.Files)
        {
            writer.WriteStartObject();
            writer.WriteString("name", file.Name);
            Write(writer, file.Blob);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("variants");
        foreach (var variant in version.Variants) Write(writer, variant);
        writer.WriteEndArray();
        Write(writer, "shared", version.Shared);
        writer.WriteString("publisher_key_id", version.PublisherKeyId);
        writer.WriteString("pushed_at", version.PushedAt);
        writer.WriteString("blocked", version.Blocked);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, CatalogueVariant variant)
    {
        writer.WriteStartObject();
        writer.WriteString("name", variant.Name);
        Write(writer, "zones", variant.Zones.Select(z => z.WireName()));
        writer.WriteNumber("memory_mib", variant.MemoryMib);
        writer.WriteNumber("latency_ms", variant.LatencyMs);
        Write(writer, "files", variant.Files);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, BlobReference blob)
    {
        writer.WriteString("digest", blob.Digest);
        writer.WriteNumber("bytes", blob.Bytes);
    }

    private static void Write(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static (string Kind, string Name) Split(DocumentKey key)
    {
        var text = key.ToString();
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return (text[..slash], text[(slash + 1)..]);
    }

    private static byte[] Json(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
