using Microsoft.Extensions.Logging;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Links.Documents;
using OrleansHybrid.Links.Fleet;

namespace OrleansHybrid.Cli.Node;

/// <summary>The farm's documents on this box: asked for when the cell has others, verified, written down, then in force. Those of the disk hold before anything can be asked.</summary>
/// <remarks>A check-in's answer names the cell's revision, so that a node whose documents are up to date asks for none.</remarks>
internal sealed partial class NodeDocuments : IDisposable
{
    private readonly DocumentHolder holder = new();
    private readonly DocumentStore store;
    private readonly PublisherFolder publishers;
    private readonly FleetClient fleet;
    private readonly string farm;
    private readonly TimeProvider clock;
    private readonly ILogger<NodeDocuments> log;
    private readonly SemaphoreSlim wanted = new(0, 1);
    private readonly HashSet<string> refusals = new(StringComparer.Ordinal);
    private readonly NodeRefusedDocuments refusedDocuments;
    private long taken = -1;
    private long cursor;
    private int again;
    private long refusedAt;
    private volatile bool refusedSome;
    private string stamp = "";
    private string? problem;

    public NodeDocuments(NodeData data, string farm, FleetClient fleet, TimeProvider clock, ILogger<NodeDocuments> log)
    {
        (this.farm, this.fleet, this.clock, this.log) = (farm, fleet, clock, log);
        store = new DocumentStore(data.Documents);
        refusedDocuments = new NodeRefusedDocuments(clock);
        publishers = new PublisherFolder(data.Publishers, sentence => LogNotice(log, sentence));
    }

    public IDocumentSource Source => holder;

    public DocumentSet Current => holder.Current;

    /// <summary>Whose signatures count here.</summary>
    public IReadOnlyList<PublisherKey> Publishers => publishers.Keys;

    /// <summary>Why the last ones that came do not hold; null: all is well.</summary>
    public string? Problem => Volatile.Read(ref problem);

    /// <summary>Those that were refused lately, for its reports.</summary>
    public IReadOnlyList<RefusedDocument> Refused => refusedDocuments.Lately;

    public void Dispose() => wanted.Dispose();

    /// <summary>What is on disk, before anything can be asked.</summary>
    public void Load()
    {
        stamp = publishers.Stamp;
        if (publishers.Keys.Count == 0) LogNobody(log, publishers.Path);
        var kept = store.Read(publishers.Keys, clock.GetUtcNow());
        holder.Replace(kept.Documents);
        foreach (var (file, left) in kept.LeftOut)
        {
            LogRefused(log, file, left.Refusal, left.Message);
            refusedDocuments.Add(file, "", Current.Revision, left);
        }

        if (kept.Documents.Documents.Count > 0) LogLoaded(log, kept.Documents.Documents.Count, kept.Documents.Revision, kept.Documents.Farm);
    }

    /// <summary>The cell is at that revision.</summary>
    public void Wake(long revision)
    {
        var retry = LookAgain();
        if ((retry || revision != Interlocked.Read(ref taken)) && wanted.CurrentCount == 0) wanted.Release();
    }

    /// <summary>Until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await wanted.WaitAsync(cancellationToken);
            var pause = Limits.DocumentRetryMin;
            while (await FetchAsync(cancellationToken) is { } failure)
            {
                Tell(failure);
                await Task.Delay(pause, clock, cancellationToken);
                pause = pause * 2 < Limits.DocumentRetryMax ? pause * 2 : Limits.DocumentRetryMax;
            }
        }
    }

    /// <summary>All that is above the cursor.</summary>
    /// <returns>Why it could not be asked; null: it was.</returns>
    private async Task<string?> FetchAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref again, 0) == 1) cursor = 0;
        while (true)
        {
            var answer = await fleet.GetDocumentsAsync(cursor, Current.Farm.Length > 0 ? Current.Farm : farm, TimeSpan.Zero, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            if (answer.Failure is { } failure) return failure.Message;
            Take(answer);
            cursor = answer.Revision;
            if (answer.More) continue;
            Interlocked.Exchange(ref taken, answer.Revision);
            if (answer.Revision < Current.Revision) LogBehind(log, answer.Revision, Current.Revision);
            return null;
        }
    }

    /// <summary>On disk first, then in force: what the node acted by is there after a restart.</summary>
    private void Take(DocumentsAnswer answer)
    {
        var trust = new DocumentTrust(publishers.Keys, farm);
        var (set, refused) = (DocumentRules.Endorse(Current, trust, answer.Endorsements), (string?)null);
        foreach (var envelope in answer.Documents)
        {
            (set, var verdict) = DocumentRules.Accept(set, trust, envelope, answer.Endorsements, clock.GetUtcNow());
            if (verdict.Outcome == DocumentOutcome.Accepted) LogAccepted(log, verdict.Document!.Header.Key.ToString(), verdict.Document.Header.Revision);
            if (verdict.Problem is { } why) refused = Refuse(envelope, verdict.Document, why);
        }

        if (refused is not null) (refusedAt, refusedSome) = (clock.GetTimestamp(), true);
        if (answer.Documents.Count > 0 || refused is null) Volatile.Write(ref problem, refused);
        if (ReferenceEquals(set, Current)) return;
        if (store.Write(set) is { } unwritten) LogUnwritten(log, unwritten);
        holder.Replace(set);
    }

    /// <summary>Each once: a cell offers what it has again and again.</summary>
    private string Refuse(byte[] envelope, SignedDocument? document, BundleProblem why)
    {
        var (name, digest) = (document?.Header.Key.ToString(), BundleDigests.Of(envelope));
        refusedDocuments.Add(name ?? "document", digest, Current.Revision, why);
        if (refusals.Count >= Limits.DocumentRefusalsKept) refusals.Clear();
        if (refusals.Add(digest + why.Refusal)) LogRefused(log, name ?? "A document", why.Refusal, why.Message);
        return why.Message;
    }

    /// <summary>Other publishers' keys, or some time after a refusal: what was refused is asked for again.</summary>
    private bool LookAgain()
    {
        var due = refusedSome && clock.GetElapsedTime(refusedAt) >= Limits.DocumentRefusedRetry;
        if (!due && publishers.Stamp == stamp) return false;
        (stamp, refusedSome) = (publishers.Stamp, false);
        Interlocked.Exchange(ref again, 1);
        return true;
    }

    private void Tell(string failure)
    {
        if (failure != problem) LogUnasked(log, failure, Current.Revision);
        Volatile.Write(ref problem, failure);
    }

    [LoggerMessage(LogLevel.Information, "{Count} documents up to revision {Revision} of {Farm} were read from disk and verified.")]
    private static partial void LogLoaded(ILogger log, int count, long revision, string farm);

    [LoggerMessage(LogLevel.Information, "{Document}, revision {Revision}, holds now.")]
    private static partial void LogAccepted(ILogger log, string document, long revision);

    [LoggerMessage(LogLevel.Warning, "{What} is refused ({Refusal}): {Reason}")]
    private static partial void LogRefused(ILogger log, string what, BundleRefusal refusal, string reason);

    [LoggerMessage(LogLevel.Warning, "The cell does not tell its documents: {Reason} Those up to revision {Revision} go on holding.")]
    private static partial void LogUnasked(ILogger log, string reason, long revision);

    [LoggerMessage(LogLevel.Error, "The cell is at revision {Theirs} of its documents, and this node at {Ours}. The cell was restored from an old copy: what holds here stays until it has a higher one.")]
    private static partial void LogBehind(ILogger log, long theirs, long ours);

    [LoggerMessage(LogLevel.Warning, "The documents were not written to disk: {Reason} They hold until the next start.")]
    private static partial void LogUnwritten(ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "No publisher is trusted here: {Folder} holds no public key. Documents and published versions are refused until one is put there, or the box joins again with a token that names publishers.")]
    private static partial void LogNobody(ILogger log, string folder);

    [LoggerMessage(LogLevel.Warning, "{Notice}")]
    private static partial void LogNotice(ILogger log, string notice);
}
