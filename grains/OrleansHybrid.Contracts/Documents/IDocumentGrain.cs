using OrleansHybrid.Domain.Documents;

namespace OrleansHybrid.Contracts.Documents;

/// <summary>The documents of a cell, shared by its silos. Key: the cell's name.</summary>
/// <remarks>
/// Never on a request's way: each silo follows it and acts by what it last verified. It checks no signature and knows no private key: the silo that
/// publishes signs, and every silo verifies what it takes from here.
/// </remarks>
[Alias("hybrid.documents"), GrainInterfaceType("hybrid.documents")]
public interface IDocumentGrain : IGrainWithStringKey
{
    /// <summary>A revision to sign with, at the farm's authority.</summary>
    [Alias("reserve")]
    Task<DocumentReservation> ReserveAsync(DocumentKey key, CancellationToken cancellationToken);

    /// <summary>Takes what was signed with a reservation. What comes back as published is stored.</summary>
    [Alias("publish")]
    Task<DocumentReceipt> PublishAsync(SignedDocument document, DocumentReservation reservation, CancellationToken cancellationToken);

    /// <summary>The documents above a revision; its own revision is that of all.</summary>
    [Alias("head")]
    Task<DocumentSet> HeadAsync(long known, CancellationToken cancellationToken);

    /// <summary>Hands in what a silo verified: what it fetched from above, or has on its disk when the store lost it; at the authority also the farm's id and endorsements.</summary>
    /// <returns>The documents above the offered revision. Of another farm: the cell belongs to that one, and nothing was taken.</returns>
    [Alias("offer")]
    Task<DocumentSet> OfferAsync(DocumentSet set, CancellationToken cancellationToken);

    /// <summary>Asks to be the silo that fetches from the cell above, for <see cref="Domain.Limits.DocumentFetchLease"/>. Kept in memory only: two that fetch for a while do no harm.</summary>
    /// <param name="release">Gives the turn back instead, after a call that failed: another silo may have a better way up.</param>
    [Alias("claim")]
    Task<bool> ClaimAsync(string node, bool release, CancellationToken cancellationToken);

    /// <summary>Notes that a model's entry is about to change, so that it is published even when who changes it dies in between.</summary>
    [Alias("mark")]
    Task MarkAsync(string model, CancellationToken cancellationToken);

    /// <summary>The models whose entry may not be published.</summary>
    [Alias("pending")]
    Task<IReadOnlyList<PendingModel>> PendingAsync(CancellationToken cancellationToken);

    /// <summary>Strikes out a place that turned out to be published.</summary>
    [Alias("clear")]
    Task ClearAsync(DocumentReservation reservation, CancellationToken cancellationToken);

    /// <summary>Asks to tell the end of a document that expired.</summary>
    /// <returns>False: a silo of this cell told it.</returns>
    [Alias("tell-expired")]
    Task<bool> TellExpiredAsync(long revision, CancellationToken cancellationToken);

    /// <summary>At the farm's authority: a cell below holds this revision. Numbers given out from now on are above it.</summary>
    /// <returns>True: that was news, so this cell's store is an old copy.</returns>
    [Alias("learn")]
    Task<bool> LearnAsync(long revision, CancellationToken cancellationToken);
}
