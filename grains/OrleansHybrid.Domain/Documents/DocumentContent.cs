using System.Text.Json;

namespace OrleansHybrid.Domain.Documents;

/// <summary>What a document says, read: its header and its body by kind.</summary>
/// <param name="Body">The body's JSON text; null: what the document stood for was removed. It is kept as such, so that no older one comes back.</param>
public sealed record DocumentContent(DocumentHeader Header, byte[]? Body)
{
    public bool Removed => Body is null;

    /// <summary>The catalogue entry; null for another kind, and for one that was removed.</summary>
    public CatalogueEntry? Catalogue { get; init; }

    /// <summary>The policy; null for another kind, and for one that was removed.</summary>
    public PolicyBody? Policy { get; init; }
}

/// <summary>The farm's policy as a document carries it.</summary>
/// <param name="Text">The YAML as its author wrote it.</param>
/// <param name="Digest">SHA-256 of the text's UTF-8: see <see cref="Bundles.BundleDigests"/>.</param>
public sealed record PolicyBody(string Name, long Revision, string Text, string Digest);

/// <summary>What a document says, from its signed bytes. For documents that were verified before: nothing is checked again.</summary>
public static class SignedDocuments
{
    /// <summary>Null when the bytes are no document: they were not verified.</summary>
    public static DocumentContent? Content(this SignedDocument document)
    {
        using var envelope = JsonDocument.Parse(document.Envelope);
        return envelope.RootElement.TryGetProperty("payload", out var payload) && payload.TryGetBytesFromBase64(out var bytes) ? DocumentReader.Read(bytes, out _) : null;
    }

    /// <summary>Every catalogue entry of the set, by model.</summary>
    public static IReadOnlyList<CatalogueEntry> Catalogue(this DocumentSet documents) =>
    [
        .. documents.Documents.Where(d => d.Header.Key.Kind == DocumentKind.Catalogue).Select(d => d.Content()?.Catalogue).OfType<CatalogueEntry>().OrderBy(e => e.Model, StringComparer.Ordinal),
    ];
}
