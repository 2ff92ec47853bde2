using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using OrleansHybrid.Contracts;
using OrleansHybrid.Contracts.Audit;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Audit;

namespace OrleansHybrid.Grains.Audit;

/// <summary>Keeps a cell's audit log: load, ask <see cref="AuditBookRules"/>, write, answer.</summary>
/// <remarks>
/// Two activations of it can live for a while. The book's ETag decides: the loser reads what the winner wrote and appends behind it, so the chain never forks. A full tail is
/// stored as a segment before the book that counts on it; two activations that do so store the same entries.
/// </remarks>
[GrainType("hybrid.audit")]
public sealed partial class AuditGrain(
    [PersistentState("audit")] IPersistentState<AuditGrainState> state,
    IGrainFactory grains,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock,
    ILogger<AuditGrain> log) : Grain, IAuditGrain
{
    private AuditBook Book => state.State.Book ?? AuditBook.Empty;

    public async Task<AuditReceipt> AppendAsync(AuditChange change, string operation, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TryAppendAsync(change, operation, cancellationToken);
            }
            catch (InconsistentStateException) when (attempt < Limits.AuditWriteTries)
            {
                await state.ReadStateAsync(cancellationToken);
            }
        }
    }

    public async Task<AuditBook> ReadAsync(CancellationToken cancellationToken)
    {
        await state.ReadStateAsync(cancellationToken);
        return Book;
    }

    private async Task<AuditReceipt> TryAppendAsync(AuditChange change, string operation, CancellationToken cancellationToken)
    {
        if (await FindAsync(operation, cancellationToken) is { } written) return new AuditReceipt(written, Repeated: true);
        await DropOldestAsync(cancellationToken);
        var (book, entry) = AuditBookRules.Append(await WithRoomAsync(cancellationToken), change, operation, clock.GetUtcNow());
        await WriteAsync(book, cancellationToken);
        return new AuditReceipt(entry, Repeated: false);
    }

    /// <summary>Among the last one to two segments: who sends again does so within seconds.</summary>
    private async Task<AuditEntry?> FindAsync(string operation, CancellationToken cancellationToken)
    {
        var id = AuditText.Fit(operation, Limits.AuditNameCharsMax);
        if (Book.Tail.FirstOrDefault(e => e.Operation == id) is { } inTail) return inTail;
        if (Book.OldestEnds is null) return null;
        return (await Segment(Book.TailSegment - 1).ReadAsync(cancellationToken)).FirstOrDefault(e => e.Operation == id);
    }

    /// <summary>One segment at most for each entry; clearing it comes last, so that a crash leaves too much rather than too little.</summary>
    private async Task DropOldestAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (AuditBookRules.DropReason(Book, now, Limits.AuditEntriesMax) is not { } reason) return;
        var oldest = Book.OldestSegment;
        var segment = await Segment(oldest).ReadAsync(cancellationToken);
        var book = await WithRoomAsync(cancellationToken);
        var next = oldest + 1 < book.TailSegment ? await Segment(oldest + 1).ReadAsync(cancellationToken) : [];
        await WriteAsync(AuditBookRules.Drop(book, segment, next, reason, Guid.NewGuid().ToString("N"), now), cancellationToken);
        await Segment(oldest).DropAsync(cancellationToken);
        LogDropped(log, oldest, reason);
    }

    /// <summary>The book with a tail that takes one more.</summary>
    private async Task<AuditBook> WithRoomAsync(CancellationToken cancellationToken)
    {
        if (!AuditBookRules.MustClose(Book)) return Book;
        await Segment(Book.TailSegment).WriteAsync(Book.Tail, cancellationToken);
        return AuditBookRules.Close(Book);
    }

    /// <summary>What could not be written is not kept in memory either.</summary>
    private async Task WriteAsync(AuditBook book, CancellationToken cancellationToken)
    {
        var before = state.State;
        try
        {
            state.State = new AuditGrainState { Book = book };
            await state.WriteStateAsync(cancellationToken);
        }
        catch
        {
            state.State = before;
            throw;
        }
    }

    private IAuditSegmentGrain Segment(long number) => grains.GetAuditSegment(new AuditSegmentKey(this.GetPrimaryKeyString(), number));

    [LoggerMessage(LogLevel.Information, "Segment {Segment} of the audit log was dropped: {Reason}.")]
    private static partial void LogDropped(ILogger log, long segment, string reason);
}

/// <summary>What is stored of a cell's audit log beside its segments.</summary>
[GenerateSerializer, Alias("hybrid.audit-state")]
public sealed class AuditGrainState
{
    [Id(0)] public AuditBook? Book { get; set; }
}
