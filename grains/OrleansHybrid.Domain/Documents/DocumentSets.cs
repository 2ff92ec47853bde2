namespace OrleansHybrid.Domain.Documents;

/// <summary>What is done with sets of documents that were verified. Pure.</summary>
public static class DocumentSets
{
    /// <summary>What changed after a revision: the documents above it, ascending, with every endorsement.</summary>
    public static DocumentSet Since(this DocumentSet set, long revision) => set with { Documents = [.. set.Documents.Where(d => d.Header.Revision > revision)] };

    /// <summary>The set with one more document, in its place.</summary>
    internal static DocumentSet With(DocumentSet set, SignedDocument document, IReadOnlyList<byte[]> endorsements) =>
        Of(document.Header.Farm, set.Documents.Where(d => d.Header.Key != document.Header.Key).Append(document), endorsements);

    /// <summary>The highest revision of each place of both. For a keeper that hands on what others verified: whoever takes it verifies again.</summary>
    /// <remarks>Sets of two farms do not mix: then the first stays as it is.</remarks>
    public static DocumentSet Merge(DocumentSet held, DocumentSet came)
    {
        if (held.Farm.Length > 0 && came.Farm.Length > 0 && held.Farm != came.Farm) return held;
        var documents = held.Documents.Concat(came.Documents).GroupBy(d => d.Header.Key).Select(place => place.MaxBy(d => d.Header.Revision)!).ToArray();
        var endorsements = came.Endorsements.Concat(held.Endorsements).DistinctBy(e => Bundles.BundleDigests.Of(e), StringComparer.Ordinal).Take(2 * Limits.EndorsementsMax);
        return Of(held.Farm.Length > 0 ? held.Farm : came.Farm, documents.Take(Limits.DocumentsMax), [.. endorsements]);
    }

    private static DocumentSet Of(string farm, IEnumerable<SignedDocument> documents, IReadOnlyList<byte[]> endorsements)
    {
        SignedDocument[] sorted = [.. documents.OrderBy(d => d.Header.Revision).ThenBy(d => d.Header.Key.ToString(), StringComparer.Ordinal)];
        return new DocumentSet(farm, sorted.Length == 0 ? 0 : sorted[^1].Header.Revision, sorted, endorsements);
    }
}
