using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Grains;
using OrleansHybrid.Silo.Telemetry;

namespace OrleansHybrid.Silo.Documents;

/// <summary>Tells what becomes of documents: in the log, in counters and in the audit log. The same refused bytes are told once.</summary>
internal sealed partial class DocumentTold
{
    private const string Who = "system documents";
    private readonly ILogger log;
    private readonly IServiceProvider services;
    private readonly Counter<long> refused;
    private readonly Queue<string> order = new();
    private readonly HashSet<string> told = new(StringComparer.Ordinal);
    private readonly HashSet<DocumentHeader> expired = [];
    private readonly HashSet<DocumentHeader> written = [];
    private readonly ConcurrentQueue<AuditChange> unwritten = new();

    public DocumentTold(IServiceProvider services, IMeterFactory meters, IDocumentSource documents, [FromKeyedServices(HybridClock.Key)] TimeProvider clock, ILogger<DocumentTold> log)
    {
        this.services = services;
        this.log = log;
        var meter = meters.Create(BoxMetrics.MeterName);
        refused = meter.CreateCounter<long>("hybrid_documents_refused", null, "Documents that were refused, by reason.");
        meter.CreateObservableGauge("hybrid_document_revision", () => documents.Current.Revision, null, "The highest revision of the documents that hold here; 0 without any.");
        meter.CreateObservableGauge("hybrid_document_expires", () => Ages(documents.Current, clock.GetUtcNow()), "s", "Time until a document expires, seconds; negative after.");
    }

    /// <summary>Who is told; null until the cell keeps an audit log.</summary>
    private IAuditLog? Audit => services.GetService<IAuditLog>();

    /// <summary>An operator's change, before it is made. Throws when it cannot be written down: then it is not made.</summary>
    public ValueTask ChangeAsync(string who, string what, string subject, string from, string to, string why, CancellationToken cancellationToken) =>
        Audit?.AppendAsync(new AuditChange(who, what, subject, from, to, why), cancellationToken) ?? ValueTask.CompletedTask;

    public async ValueTask AcceptedAsync(DocumentVerdict verdict, long before, string source, CancellationToken cancellationToken)
    {
        var header = verdict.Document!.Header;
        await ChangeAsync(Who, AuditVerbs.DocumentAccept, header.Key.ToString(), Revision(before), Revision(header.Revision), $"from {source}, key {verdict.Document.KeyId[..16]}", cancellationToken);
        if (verdict.Stale) LogStale(log, header.Key, header.Revision, source, header.Expires);
        else LogAccepted(log, header.Key, header.Revision, source, header.Expires);
    }

    /// <returns>False: these bytes were told before.</returns>
    public async ValueTask<bool> RefusedAsync(ReadOnlyMemory<byte> envelope, DocumentVerdict verdict, string source, long holding, CancellationToken cancellationToken)
    {
        var problem = verdict.Problem!;
        if (!Remember($"{problem.Refusal} {BundleDigests.Of(envelope.Span)}")) return false;
        await RefusedAsync(verdict.Document?.Header.Key.ToString() ?? "document", problem, source, holding, cancellationToken);
        return true;
    }

    /// <param name="holding">The revision that goes on holding; 0: none.</param>
    public async ValueTask RefusedAsync(string subject, BundleProblem problem, string source, long holding, CancellationToken cancellationToken)
    {
        refused.Add(1, new KeyValuePair<string, object?>("refusal", problem.Refusal.ToString()));
        LogRefused(log, subject, source, problem.Refusal, problem.Message, holding);
        await TryAsync(new AuditChange(Who, AuditVerbs.DocumentRefused, subject, Revision(holding), Revision(holding), $"from {source}: {problem}"), cancellationToken);
    }

    /// <summary>Each document that is over, once for each revision: in the log of this run, and in the cell's audit log.</summary>
    /// <param name="isFirst">Whether no silo of the cell wrote the end of this revision down, also in an earlier run.</param>
    public async ValueTask ExpiredAsync(DocumentSet documents, DateTimeOffset now, Func<long, Task<bool>> isFirst, CancellationToken cancellationToken)
    {
        var over = DocumentAlarms.Of(documents, now).Where(a => a.Freshness == DocumentFreshness.Expired).ToArray();
        foreach (var age in over.Where(a => expired.Add(a.Header))) LogExpired(log, age.Header.Key, age.Header.Revision, age.Header.Expires, -age.Left);
        foreach (var age in over.Where(a => !written.Contains(a.Header)))
        {
            var first = await isFirst(age.Header.Revision);
            written.Add(age.Header);
            if (first) await TryAsync(new AuditChange(Who, AuditVerbs.DocumentExpired, age.Header.Key.ToString(), Revision(age.Header.Revision), Revision(age.Header.Revision), $"expired at {age.Header.Expires:O}; it goes on being served"), cancellationToken);
        }

        foreach (var known in new[] { expired, written }) known.RemoveWhere(h => documents.Find(h.Key)?.Header != h);
    }

    /// <summary>Entries that could not be written when they were due: what the disk held is told at a start, before the cell's log can be asked.</summary>
    public async ValueTask WriteAgainAsync(CancellationToken cancellationToken)
    {
        for (var left = unwritten.Count; left > 0 && unwritten.TryDequeue(out var change); left--) await TryAsync(change, cancellationToken);
    }

    public static string Revision(long revision) => revision == 0 ? "" : FormattableString.Invariant($"revision {revision}");

    /// <summary>What changes nothing is told in the log even when the audit log does not answer.</summary>
    private async ValueTask TryAsync(AuditChange change, CancellationToken cancellationToken)
    {
        try
        {
            if (Audit is { } audit) await audit.AppendAsync(change, cancellationToken);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            LogUnwritten(log, failed, change.What, change.Subject);
            if (unwritten.Count < Limits.DocumentRefusalsKept) unwritten.Enqueue(change);
        }
    }

    private bool Remember(string digest)
    {
        lock (order)
        {
            if (!told.Add(digest)) return false;
            order.Enqueue(digest);
            if (order.Count > Limits.DocumentRefusalsKept) told.Remove(order.Dequeue());
            return true;
        }
    }

    private static IEnumerable<Measurement<double>> Ages(DocumentSet documents, DateTimeOffset now) =>
        documents.Documents.Select(d => new Measurement<double>((d.Header.Expires - now).TotalSeconds, new KeyValuePair<string, object?>("document", d.Header.Key.ToString())));

    [LoggerMessage(LogLevel.Information, "Document {Document} revision {Revision} from {Source} holds; it expires at {Expires:O}.")]
    private static partial void LogAccepted(ILogger log, DocumentKey document, long revision, string source, DateTimeOffset expires);

    [LoggerMessage(LogLevel.Warning, "Document {Document} revision {Revision} from {Source} holds and expired at {Expires:O}: nothing newer is known.")]
    private static partial void LogStale(ILogger log, DocumentKey document, long revision, string source, DateTimeOffset expires);

    [LoggerMessage(LogLevel.Error, "{Subject} from {Source} is refused ({Refusal}): {Message} Revision {Holding} goes on holding.")]
    private static partial void LogRefused(ILogger log, string subject, string source, BundleRefusal refusal, string message, long holding);

    [LoggerMessage(LogLevel.Error, "Document {Document} revision {Revision} expired at {Expires:O}, {Ago} ago. It goes on being served, and no wave starts by it. See that the cell above can be reached and renews it.")]
    private static partial void LogExpired(ILogger log, DocumentKey document, long revision, DateTimeOffset expires, TimeSpan ago);

    [LoggerMessage(LogLevel.Warning, "The audit entry {What} of {Subject} could not be written.")]
    private static partial void LogUnwritten(ILogger log, Exception failed, string what, string subject);
}
