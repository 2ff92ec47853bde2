using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Grains;
using OrleansHybrid.Links.Documents;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Documents;

/// <summary>Keeps this silo's documents: verifies what comes, writes it to disk, then puts it in force; hands on to the cell what it has, and takes what the cell's other silos have.</summary>
/// <remarks>Every envelope is verified here by <see cref="DocumentRules"/>, wherever it came from: above, the cell's store or the disk. What is refused changes nothing.</remarks>
internal sealed partial class DocumentKeeper(
    CellSettings cell,
    DocumentHolder holder,
    DocumentStore store,
    PublisherFolder publishers,
    DocumentTold told,
    IGrainFactory grains,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock,
    ILogger<DocumentKeeper> log) : IDisposable
{
    public const string CellSource = "the cell's store";
    private const string DiskSource = "the disk";
    private readonly SemaphoreSlim taking = new(1, 1);
    private string stamp = "";
    private long refusedAt;
    private bool refusedSome;
    private long cellCursor;
    private bool unwritten;

    public DocumentSet Current => holder.Current;

    /// <summary>Grows whenever documents that were refused before may be accepted now: who fetches begins from the start.</summary>
    public long Retries { get; private set; }

    private bool IsAuthority => cell.Upstream is null;

    public void Dispose() => taking.Dispose();

    /// <summary>What is on disk, before anything can be asked.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        stamp = publishers.Stamp;
        var kept = store.Read(publishers.Keys, clock.GetUtcNow());
        holder.Replace(kept.Documents);
        foreach (var (file, problem) in kept.LeftOut) await told.RefusedAsync(file, problem, DiskSource, kept.Documents.Revision, cancellationToken);
        if (kept.Documents.Documents.Count > 0) LogLoaded(log, kept.Documents.Documents.Count, kept.Documents.Revision, kept.Documents.Farm);
    }

    /// <summary>Verifies, writes down and puts in force what of it is new.</summary>
    /// <returns>How many were refused.</returns>
    public async Task<int> TakeAsync(IReadOnlyList<byte[]> envelopes, IReadOnlyList<byte[]> endorsements, string source, CancellationToken cancellationToken)
    {
        await taking.WaitAsync(cancellationToken);
        try
        {
            var trust = new DocumentTrust(publishers.Keys, "");
            var (set, refused) = (DocumentRules.Endorse(holder.Current, trust, endorsements), 0);
            foreach (var envelope in envelopes)
            {
                var before = set;
                (set, var verdict) = DocumentRules.Accept(set, trust, envelope, endorsements, clock.GetUtcNow());
                var holding = verdict.Document is { } document ? before.Find(document.Header.Key)?.Header.Revision ?? 0 : before.Revision;
                if (verdict.Outcome == DocumentOutcome.Accepted) await told.AcceptedAsync(verdict, holding, source, cancellationToken);
                if (verdict.Outcome != DocumentOutcome.Refused) continue;
                refused++;
                await told.RefusedAsync(envelope, verdict, source, holding, cancellationToken);
            }

            if (refused > 0) (refusedSome, refusedAt) = (true, clock.GetTimestamp());
            PutInForce(set);
            return refused;
        }
        finally
        {
            taking.Release();
        }
    }

    /// <summary>Takes what other silos of the cell handed in, and hands in what the cell lacks.</summary>
    public async Task FollowCellAsync(CancellationToken cancellationToken)
    {
        LookAgain();
        await told.WriteAgainAsync(cancellationToken);
        var head = await grains.GetDocuments(cell.Cell).HeadAsync(cellCursor, cancellationToken);
        if (IsAuthority && head.Farm.Length > 0) await JoinAsync(head.Farm, cancellationToken);
        if (head.Documents.Count > 0 || head.Endorsements.Count > 0) await TakeAsync([.. head.Documents.Select(d => d.Envelope)], head.Endorsements, CellSource, cancellationToken);
        cellCursor = head.Revision;
        if (Lacks(head)) await OfferAsync(cancellationToken);
        await told.ExpiredAsync(Current, clock.GetUtcNow(), revision => grains.GetDocuments(cell.Cell).TellExpiredAsync(revision, cancellationToken), cancellationToken);
        if (unwritten) WriteDown(Current);
    }

    /// <summary>Hands in what this silo has, so that the cell's other silos need not fetch it. At the authority the farm is made here, once.</summary>
    public async Task OfferAsync(CancellationToken cancellationToken)
    {
        var have = Current;
        if (have.Farm.Length == 0 && !IsAuthority) return;
        var answer = await grains.GetDocuments(cell.Cell).OfferAsync(have.Farm.Length > 0 ? have : have with { Farm = FarmIds.Make() }, cancellationToken);
        if (IsAuthority) await JoinAsync(answer.Farm, cancellationToken);
        if (Current.Farm.Length > 0 && answer.Farm != Current.Farm) LogOtherFarm(log, cell.Data, Current.Farm, answer.Farm);
    }

    /// <summary>Takes an endorsement that was verified.</summary>
    public async Task EndorseAsync(byte[] endorsement, CancellationToken cancellationToken)
    {
        await TakeAsync([], [endorsement], "an operator", cancellationToken);
        await OfferAsync(cancellationToken);
    }

    private async Task JoinAsync(string farm, CancellationToken cancellationToken)
    {
        if (Current.Farm.Length > 0) return;
        await taking.WaitAsync(cancellationToken);
        try
        {
            if (Current.Farm.Length == 0) PutInForce(Current with { Farm = farm });
        }
        finally
        {
            taking.Release();
        }
    }

    private bool Lacks(DocumentSet head) =>
        head.Farm != Current.Farm || head.Farm.Length == 0 || head.Revision < Current.Revision || Current.Endorsements.Any(e => !head.Endorsements.Any(h => h.AsSpan().SequenceEqual(e)));

    /// <summary>Another set of publishers, or some time after a refusal: what was refused is asked for again.</summary>
    private void LookAgain()
    {
        var due = refusedSome && clock.GetElapsedTime(refusedAt) >= Limits.DocumentRefusedRetry;
        if (!due && publishers.Stamp == stamp) return;
        (stamp, refusedSome, cellCursor) = (publishers.Stamp, false, 0);
        Retries++;
    }

    /// <summary>On disk first, then in force: what somebody acted by is there after a restart.</summary>
    private void PutInForce(DocumentSet set)
    {
        if (ReferenceEquals(set, holder.Current)) return;
        WriteDown(set);
        holder.Replace(set);
    }

    private void WriteDown(DocumentSet set)
    {
        var failed = store.Write(set);
        if (failed is not null && !unwritten) LogUnwritten(log, failed);
        unwritten = failed is not null;
    }

    [LoggerMessage(LogLevel.Information, "{Count} documents up to revision {Revision} of {Farm} were read from disk and verified.")]
    private static partial void LogLoaded(ILogger log, int count, long revision, string farm);

    [LoggerMessage(LogLevel.Error, "The documents in {Data} are of {Farm}, and the cell's store belongs to {Other}. Nothing is handed on: give this silo the data folder of its cell, or an empty one.")]
    private static partial void LogOtherFarm(ILogger log, string data, string farm, string other);

    [LoggerMessage(LogLevel.Warning, "The documents were not written to disk: {Reason} They hold all the same, and writing is tried again.")]
    private static partial void LogUnwritten(ILogger log, string reason);
}
