using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Links.Bundles.Transfer;

namespace OrleansHybrid.Silo.Bundles;

/// <summary>The catalogue of the documents that hold now, read once for each set of them, and what follows from it for nodes.</summary>
internal sealed class PublishedModels(IDocumentSource documents) : IDesiredStateSource
{
    private Read last = new(DocumentSet.Empty);

    public long Revision => documents.Current.Revision;

    public DesiredState Of(DesiredStateNode node)
    {
        var read = Current();
        return DesiredStateRules.Of(node, read.Catalogue, read.Documents.Revision);
    }

    /// <summary>A published file by its digest; null: no version that is published has it.</summary>
    public BlobReference? Find(string digest) => Current().Blobs.TryGetValue(digest, out var bytes) ? new BlobReference(digest, bytes) : null;

    /// <summary>Every published file, and the bundles.</summary>
    public IEnumerable<string> Everything() => Current().Catalogue.SelectMany(e => e.Versions).SelectMany(v => v.Files.Select(f => f.Blob.Digest).Append(v.Signature.Digest).Append(v.Bundle));

    /// <summary>What nodes of a zone may ask for: of the versions they should run the shared files and those of every variant for the zone.</summary>
    public IReadOnlyList<WantedFiles> FilesFor(Zone zone) => Current().For.GetOrAdd(zone, z =>
    [
        .. Current().Catalogue.SelectMany(e => CatalogueRules.Desired(e).Select(v => new WantedFiles(e.Model, v, FilesOf(v, z)))).Where(w => w.Files.Count > 0),
    ]);

    private static CatalogueFile[] FilesOf(CatalogueVersion version, Zone zone)
    {
        CatalogueVariant[] variants = [.. version.Variants.Where(v => v.Zones.Contains(zone))];
        var names = version.Shared.Concat(variants.SelectMany(v => v.Files)).ToHashSet(StringComparer.Ordinal);
        return variants.Length == 0 ? [] : [.. version.Files.Where(f => names.Contains(f.Name))];
    }

    private Read Current()
    {
        var (set, read) = (documents.Current, Volatile.Read(ref last));
        if (ReferenceEquals(set, read.Documents)) return read;
        var next = new Read(set);
        Volatile.Write(ref last, next);
        return next;
    }

    private sealed class Read(DocumentSet documents)
    {
        public DocumentSet Documents => documents;

        public IReadOnlyList<CatalogueEntry> Catalogue { get; } = documents.Catalogue();

        public System.Collections.Concurrent.ConcurrentDictionary<Zone, IReadOnlyList<WantedFiles>> For { get; } = new();

        public Dictionary<string, long> Blobs => field ??= Catalogue.SelectMany(e => e.Versions).SelectMany(v => v.Files.Select(f => f.Blob).Append(v.Signature))
            .DistinctBy(b => b.Digest).ToDictionary(b => b.Digest, b => b.Bytes, StringComparer.Ordinal);
    }
}
