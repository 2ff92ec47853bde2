using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using OrleansHybrid.Contracts.Documents;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Documents;

namespace OrleansHybrid.Grains.Documents;

/// <summary>Keeps a cell's documents: load, ask <see cref="DocumentBookRules"/>, write, answer.</summary>
/// <remarks>Two activations of it can live for a moment; the store's ETag decides, and the loser asks again on top of what the winner wrote.</remarks>
[GrainType("hybrid.documents")]
public sealed class DocumentGrain(
    [PersistentState("documents")] IPersistentState<DocumentGrainState> state,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock) : Grain, IDocumentGrain
{
    private string fetcher = "";
    private DateTimeOffset fetchesUntil;

    public Task<DocumentReservation> ReserveAsync(DocumentKey key, CancellationToken cancellationToken) => ChangeAsync(book => DocumentBookRules.Reserve(book, key), cancellationToken);

    public Task<DocumentReceipt> PublishAsync(SignedDocument document, DocumentReservation reservation, CancellationToken cancellationToken) =>
        ChangeAsync(book => DocumentBookRules.Publish(book, document, reservation), cancellationToken);

    public Task<DocumentSet> HeadAsync(long known, CancellationToken cancellationToken) => Task.FromResult(state.State.Book.Set.Since(known));

    public Task<DocumentSet> OfferAsync(DocumentSet set, CancellationToken cancellationToken) =>
        ChangeAsync(book => DocumentBookRules.Offer(book, set) is var next ? (next, next.Set.Since(set.Revision)) : default, cancellationToken);

    public Task<bool> ClaimAsync(string node, bool release, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (fetcher != node && now < fetchesUntil) return Task.FromResult(false);
        (fetcher, fetchesUntil) = (node, release ? now : now + Limits.DocumentFetchLease);
        return Task.FromResult(!release);
    }

    public Task MarkAsync(string model, CancellationToken cancellationToken) => ChangeAsync(book => (DocumentBookRules.Mark(book, model), true), cancellationToken);

    public Task<IReadOnlyList<PendingModel>> PendingAsync(CancellationToken cancellationToken) => Task.FromResult(state.State.Book.Pending);

    public Task ClearAsync(DocumentReservation reservation, CancellationToken cancellationToken) =>
        ChangeAsync(book => (DocumentBookRules.Clear(book, reservation.Key, reservation.Mark), true), cancellationToken);

    public Task<bool> TellExpiredAsync(long revision, CancellationToken cancellationToken) => ChangeAsync(book => DocumentBookRules.TellExpired(book, revision), cancellationToken);

    public Task<bool> LearnAsync(long revision, CancellationToken cancellationToken) => ChangeAsync(book => DocumentBookRules.Learn(book, revision), cancellationToken);

    private async Task<T> ChangeAsync<T>(Func<DocumentBook, (DocumentBook Book, T Result)> change, CancellationToken cancellationToken)
    {
        try
        {
            return await TryChangeAsync(change, cancellationToken);
        }
        catch (InconsistentStateException)
        {
            await state.ReadStateAsync(cancellationToken);
            return await TryChangeAsync(change, cancellationToken);
        }
    }

    /// <summary>What could not be written is not kept in memory either.</summary>
    private async Task<T> TryChangeAsync<T>(Func<DocumentBook, (DocumentBook Book, T Result)> change, CancellationToken cancellationToken)
    {
        var before = state.State;
        var (book, result) = change(before.Book);
        if (ReferenceEquals(book, before.Book)) return result;
        try
        {
            state.State = new DocumentGrainState { Book = book };
            await state.WriteStateAsync(cancellationToken);
            return result;
        }
        catch
        {
            state.State = before;
            throw;
        }
    }
}

/// <summary>What is stored of a cell's documents.</summary>
[GenerateSerializer, Alias("hybrid.document-state")]
public sealed class DocumentGrainState
{
    [Id(0)] public DocumentBook Book { get; set; } = DocumentBook.Empty;
}
