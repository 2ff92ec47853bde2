namespace OrleansHybrid.Domain.Documents;

/// <summary>What a cell keeps of documents: those that hold, and at the farm's authority also what is on its way to become one.</summary>
/// <param name="Reserved">The highest revision that was ever given out; no number is given twice.</param>
/// <param name="Pending">Models whose entry changed and may not be published yet.</param>
[GenerateSerializer, Immutable, Alias("hybrid.document-book")]
public sealed record DocumentBook([property: Id(0)] DocumentSet Set, [property: Id(1)] long Reserved, [property: Id(2)] IReadOnlyList<PendingModel> Pending)
{
    public static DocumentBook Empty { get; } = new(DocumentSet.Empty, 0, []);

    /// <summary>Revisions of documents that hold and whose end was told; null: none, as stored before this was kept.</summary>
    [Id(3)] public IReadOnlyList<long>? ExpiredTold { get; init; }
}

/// <param name="Mark">Grows with each change: who published an earlier one does not strike out a later one.</param>
[GenerateSerializer, Immutable, Alias("hybrid.pending-model")]
public sealed record PendingModel([property: Id(0)] string Model, [property: Id(1)] long Mark);

/// <summary>Leave to sign one document.</summary>
/// <param name="Farm">Empty: no silo of the authority has told the farm yet.</param>
/// <param name="Revision">To be signed with. Nobody else gets it.</param>
/// <param name="Current">Of the document that holds in its place; 0: none. Read what is published after this call: publishing fails when the place changed since.</param>
/// <param name="Mark">See <see cref="PendingModel"/>; 0: nothing is pending.</param>
[GenerateSerializer, Immutable, Alias("hybrid.document-reservation")]
public sealed record DocumentReservation(
    [property: Id(0)] string Farm,
    [property: Id(1)] DocumentKey Key,
    [property: Id(2)] long Revision,
    [property: Id(3)] long Current,
    [property: Id(4)] long Mark);

/// <summary>What became of a signed document that was handed in.</summary>
public enum DocumentReceipt
{
    Published,

    /// <summary>Its place changed since the reservation, or a higher revision was published. Reserve again.</summary>
    Overtaken,

    /// <summary>It is of another farm than the cell.</summary>
    OtherFarm,

    /// <summary>No endorsement that the cell has names its key.</summary>
    UnknownKey,
}

/// <summary>How the book changes. Pure: the caller stores what comes back, then answers.</summary>
/// <remarks>
/// Rules kept here: revisions grow over the whole farm, so that 'since revision N' misses nothing: what is signed with a number below the last published
/// one is overtaken; a place is published over what its author saw, or not at all. Signatures are not checked here: whoever takes a document checks it.
/// </remarks>
public static class DocumentBookRules
{
    public static (DocumentBook Book, DocumentReservation Reservation) Reserve(DocumentBook book, DocumentKey key)
    {
        var revision = Math.Max(book.Reserved, book.Set.Revision) + 1;
        return (book with { Reserved = revision }, new DocumentReservation(book.Set.Farm, key, revision, book.Set.Find(key)?.Header.Revision ?? 0, MarkOf(book, key)));
    }

    public static (DocumentBook Book, DocumentReceipt Receipt) Publish(DocumentBook book, SignedDocument document, DocumentReservation reservation)
    {
        var header = document.Header;
        if (header.Farm != book.Set.Farm) return (book, DocumentReceipt.OtherFarm);
        if (header.Revision != reservation.Revision || header.Key != reservation.Key || header.Revision <= book.Set.Revision || (book.Set.Find(header.Key)?.Header.Revision ?? 0) != reservation.Current) return (book, DocumentReceipt.Overtaken);
        if (book.Set.Endorsements.All(e => EndorsementRules.Claimed(e)?.Key.KeyId != document.KeyId)) return (book, DocumentReceipt.UnknownKey);
        var next = book with { Set = DocumentSets.Merge(book.Set, new DocumentSet(header.Farm, header.Revision, [document], [])) };
        return (Clear(next, header.Key, reservation.Mark), DocumentReceipt.Published);
    }

    /// <summary>Takes over what a silo verified, and the farm when it is not known.</summary>
    public static DocumentBook Offer(DocumentBook book, DocumentSet set)
    {
        var merged = DocumentSets.Merge(book.Set, set);
        return Same(merged, book.Set) ? book : book with { Set = merged };
    }

    /// <summary>Before a model's entry changes.</summary>
    public static DocumentBook Mark(DocumentBook book, string model)
    {
        var mark = book.Pending.Select(p => p.Mark).DefaultIfEmpty(book.Reserved).Max() + 1;
        return book with { Pending = [.. book.Pending.Where(p => p.Model != model), new PendingModel(model, mark)], Reserved = Math.Max(book.Reserved, mark) };
    }

    /// <summary>Strikes out a model whose entry is published, unless it changed again.</summary>
    public static DocumentBook Clear(DocumentBook book, DocumentKey key, long mark) =>
        mark == 0 || MarkOf(book, key) != mark ? book : book with { Pending = [.. book.Pending.Where(p => p.Mark != mark)] };

    /// <summary>Whether the end of a document was not told yet. A cell tells it once for each revision, over restarts and whichever silo looks.</summary>
    public static (DocumentBook Book, bool First) TellExpired(DocumentBook book, long revision)
    {
        var told = book.ExpiredTold ?? [];
        if (told.Contains(revision)) return (book, false);
        var held = book.Set.Documents.Select(d => d.Header.Revision).ToHashSet();
        return (book with { ExpiredTold = [.. told.Where(held.Contains), revision] }, true);
    }

    /// <summary>A place below holds a higher revision than was ever given out here: this book is an old copy. Numbers go on above it.</summary>
    /// <remarks>A number further above than <see cref="Limits.DocumentRevisionLeapMax"/> is no old copy's: it is not followed, so that nobody below can use the numbers up.</remarks>
    public static (DocumentBook Book, bool Learnt) Learn(DocumentBook book, long revision)
    {
        var highest = Math.Max(book.Reserved, book.Set.Revision);
        return revision <= highest || revision - highest > Limits.DocumentRevisionLeapMax ? (book, false) : (book with { Reserved = revision }, true);
    }

    private static long MarkOf(DocumentBook book, DocumentKey key) =>
        key.Kind == DocumentKind.Catalogue ? book.Pending.FirstOrDefault(p => p.Model == key.Name)?.Mark ?? 0 : 0;

    private static bool Same(DocumentSet a, DocumentSet b) =>
        a.Farm == b.Farm && a.Revision == b.Revision && a.Documents.SequenceEqual(b.Documents) && a.Endorsements.SequenceEqual(b.Endorsements);
}
