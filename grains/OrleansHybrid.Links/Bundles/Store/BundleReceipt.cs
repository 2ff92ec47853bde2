using System.Text.Json;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Links.Bundles.Store;

/// <summary>What a verified version is made of, kept beside its statement: the statement has no sizes, and a folder holds only a part of the files.</summary>
internal sealed record BundleReceipt(string Model, int Version, string Bundle, BlobReference Signature, IReadOnlyList<CatalogueFile> Files)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public ModelVersionKey Key => new(Model, Version);

    public static BundleReceipt Of(string model, CatalogueVersion version) => new(model, version.Version, version.Bundle, version.Signature, version.Files);

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <summary>Null when it is none.</summary>
    public static BundleReceipt? Read(ReadOnlySpan<byte> text)
    {
        try
        {
            return JsonSerializer.Deserialize<BundleReceipt>(text, Json) is { Model: not null, Bundle: not null, Files: not null } read ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
