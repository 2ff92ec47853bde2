using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Grains;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Audit;

/// <summary>The cell's audit log as this silo writes it and watches it.</summary>
/// <remarks>
/// One thing at a time: what is appended and what is checked are compared with the last entry that this silo knows, which may only grow. Nothing is appended to a log that
/// was not read. A broken log is told (log, metric, <c>GET /v1/audit</c>), gets an <c>audit.broken</c> entry, and goes on.
/// </remarks>
internal sealed partial class CellAuditLog(
    CellSettings cell,
    IGrainFactory grains,
    AuditReader reader,
    AuditHeadFile file,
    AuditStatus status,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock,
    ILogger<CellAuditLog> log) : IAuditLog, IDisposable
{
    private const int Tries = 2;
    private readonly SemaphoreSlim one = new(1);
    private AuditHead? known = file.Read();

    public async ValueTask AppendAsync(AuditChange change, CancellationToken cancellationToken)
    {
        if (!AuditVerbs.All.Contains(change.What)) throw new ArgumentException($"'{change.What}' is not a verb of {nameof(AuditVerbs)}: add it there.", nameof(change));
        using var bound = new CancellationTokenSource(Limits.AuditWriteMax, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        try
        {
            await OneAtATimeAsync(() => WriteAsync(change, either.Token), either.Token);
        }
        catch (Exception failed) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnwritten(log, failed, change.What, change.Subject);
            throw new AuditUnavailableException("The audit entry of this change cannot be written, because the cell's store does not answer. See that it runs, and send this again.", failed);
        }
    }

    /// <summary>Looks whether the log still holds what this silo knows; the first time, all of it.</summary>
    public Task FollowAsync(CancellationToken cancellationToken) => OneAtATimeAsync(() => CheckAsync(cancellationToken), cancellationToken);

    public void Dispose() => one.Dispose();

    private async Task WriteAsync(AuditChange change, CancellationToken cancellationToken)
    {
        if (status.Current.At is null) await CheckAsync(cancellationToken);
        var operation = Guid.NewGuid().ToString("N");
        var before = known;
        var entry = await SendAsync(change, operation, cancellationToken);
        if (before is not null && entry.Sequence <= before.Sequence) await CheckAsync(cancellationToken);
        else Know(entry.Head);
    }

    /// <summary>Sent again under the same id when the answer was lost: it is written once.</summary>
    private async Task<AuditEntry> SendAsync(AuditChange change, string operation, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return (await grains.GetAudit(cell.Cell).AppendAsync(change, operation, cancellationToken).WaitAsync(cancellationToken)).Entry;
            }
            catch (Exception failed) when (failed is not OperationCanceledException && attempt < Tries)
            {
                LogAgain(log, failed);
            }
        }
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        var book = await reader.BookAsync(cancellationToken).WaitAsync(cancellationToken);
        var told = new HashSet<string>(StringComparer.Ordinal);
        var broken = await FindBreakAsync(book, entry => Note(told, entry), cancellationToken);
        status.Set(new AuditCheck(clock.GetUtcNow(), book.Head, broken));
        if (broken is null)
        {
            Know(book.Head);
            return;
        }

        LogBroken(log, cell.Cell, broken.From, broken.Reason);
        var head = book.Head;
        if (!told.Contains(broken.Reason)) head = (await SendAsync(EntryOf(broken), Guid.NewGuid().ToString("N"), cancellationToken)).Head;
        Know(head);
    }

    private async Task<AuditBreak?> FindBreakAsync(AuditBook book, Action<AuditEntry> seen, CancellationToken cancellationToken)
    {
        if (status.Current.At is null && (await reader.VerifyAsync(book, book.Anchor, seen, cancellationToken)).Break is { } inside) return inside;
        if (known is not { } head || head.Sequence < book.Anchor.Sequence) return null;
        if (head.Sequence >= book.Head.Sequence) return AuditChain.Compare(head, book.Head);
        var behind = (await reader.VerifyAsync(book, head, seen, cancellationToken)).Break;
        return behind?.From == head.Sequence + 1 ? behind with { From = head.Sequence, Reason = $"entry {head.Sequence}, which was known, is not followed by the next: the log was written anew from there or before" } : behind;
    }

    private AuditChange EntryOf(AuditBreak broken) => new(
        AuditBookRules.Keeper, AuditVerbs.AuditBroken, FormattableString.Invariant($"from entry {broken.From}"), known is null ? "" : FormattableString.Invariant($"head {known.Sequence} {known.Hash}"), "", broken.Reason);

    /// <summary>A break that an entry tells of already is not written down at each start.</summary>
    private static void Note(HashSet<string> told, AuditEntry entry)
    {
        if (entry.Change.What == AuditVerbs.AuditBroken) told.Add(entry.Change.Why);
    }

    private void Know(AuditHead head)
    {
        if (head == known) return;
        known = head;
        file.Write(head);
        status.Set(status.Current with { Head = head });
    }

    private async Task OneAtATimeAsync(Func<Task> work, CancellationToken cancellationToken)
    {
        await one.WaitAsync(cancellationToken);
        try
        {
            await work();
        }
        finally
        {
            one.Release();
        }
    }

    [LoggerMessage(LogLevel.Error, "The audit log of cell {Cell} is broken from entry {From} on: {Reason}. Entries from there on cannot be relied on; keep a copy of the store. The cell goes on serving, and the log goes on behind an audit.broken entry.")]
    private static partial void LogBroken(ILogger log, string cell, long from, string reason);

    [LoggerMessage(LogLevel.Warning, "The audit entry {What} of {Subject} was not written; the change is refused.")]
    private static partial void LogUnwritten(ILogger log, Exception failed, string what, string subject);

    [LoggerMessage(LogLevel.Debug, "An audit entry was not answered and is sent again.")]
    private static partial void LogAgain(ILogger log, Exception failed);
}
