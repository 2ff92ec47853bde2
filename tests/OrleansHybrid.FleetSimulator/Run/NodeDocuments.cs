using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Links.Fleet;

namespace OrleansHybrid.FleetSimulator.Run;

/// <summary>The farm's documents on one node: asked for when its cell has others, each verified here, by the same rules as everywhere.</summary>
internal sealed class NodeDocuments(FleetClient client, NodeDisk disk, DocumentTrust trust, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim wanted = new(0, 1);
    private long taken = -1;
    private long cursor;
    private (DocumentSet Documents, DesiredState Desired) last = (DocumentSet.Empty, DesiredState.Nothing);
    private string? refused;

    /// <summary>Raised after other documents hold. Handlers must be short.</summary>
    public event Action? Changed;

    public DocumentSet Current => disk.Documents;

    /// <summary>What is wrong, one sentence each; as the node agent says it.</summary>
    public IEnumerable<string> Problems => (refused is null ? [] : new[] { refused }).Concat(DocumentAlarms.Of(Current, clock.GetUtcNow())
        .Where(a => a.Freshness == DocumentFreshness.Expired)
        .Select(a => $"The document {a.Header.Key} expired {-a.Left.TotalHours:0} hours ago and goes on holding."));

    /// <summary>Worked out once for each set of documents.</summary>
    public DesiredState DesiredOf(DesiredStateNode node)
    {
        var current = Current;
        if (!ReferenceEquals(last.Documents, current)) last = (current, DesiredStateRules.Of(node, current.Catalogue(), current.Revision));
        return last.Desired;
    }

    /// <summary>The cell is at that revision.</summary>
    public void Wake(long revision)
    {
        if (revision != Interlocked.Read(ref taken) && wanted.CurrentCount == 0) wanted.Release();
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await wanted.WaitAsync(cancellationToken);
            var pause = Limits.DocumentRetryMin;
            while (!await FetchAsync(cancellationToken))
            {
                await Task.Delay(pause, clock, cancellationToken);
                pause = pause * 2 < Limits.DocumentRetryMax ? pause * 2 : Limits.DocumentRetryMax;
            }
        }
    }

    public void Dispose() => wanted.Dispose();

    private async Task<bool> FetchAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var answer = await client.GetDocumentsAsync(cursor, trust.Farm, TimeSpan.Zero, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            if (answer.Failure is not null) return false;
            Take(answer);
            cursor = answer.Revision;
            if (answer.More) continue;
            Interlocked.Exchange(ref taken, answer.Revision);
            return true;
        }
    }

    private void Take(DocumentsAnswer answer)
    {
        var (set, why) = (DocumentRules.Endorse(Current, trust, answer.Endorsements), (string?)null);
        foreach (var envelope in answer.Documents)
        {
            (set, var verdict) = DocumentRules.Accept(set, trust, envelope, answer.Endorsements, clock.GetUtcNow());
            if (verdict.Problem is { } problem) why = problem.Message.Length <= Limits.NodeTextCharsMax ? problem.Message : problem.Message[..Limits.NodeTextCharsMax];
        }

        if (answer.Documents.Count > 0) refused = why;
        if (ReferenceEquals(set, Current)) return;
        disk.Documents = set;
        Changed?.Invoke();
    }
}
