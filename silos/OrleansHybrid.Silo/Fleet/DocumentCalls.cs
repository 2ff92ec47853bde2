using Google.Protobuf;
using Grpc.Core;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Grains;
using OrleansHybrid.Links.Fleet;
using OrleansHybrid.Links.Protocol.Fleet;

namespace OrleansHybrid.Silo.Fleet;

/// <summary>Answers calls for documents from memory. A call that waits is held here alone, with a bound on how many and for how long, and ends when the silo stops.</summary>
internal sealed class DocumentCalls : IDisposable
{
    private readonly IDocumentSource documents;
    private readonly TimeProvider clock;
    private readonly CancellationToken stopping;
    private TaskCompletionSource changed = Fresh();
    private int held;

    public DocumentCalls(IDocumentSource documents, [FromKeyedServices(HybridClock.Key)] TimeProvider clock, IHostApplicationLifetime lifetime)
    {
        (this.documents, this.clock, stopping) = (documents, clock, lifetime.ApplicationStopping);
        documents.Changed += Release;
    }

    public async Task<GetDocumentsResponse> AnswerAsync(GetDocumentsRequest request, CancellationToken cancellationToken)
    {
        RefuseOtherFarm(request.Farm);
        if (request.SinceRevision == documents.Current.Revision && request.WaitMs > 0) await WaitAsync(request, cancellationToken);
        return Answer(documents.Current, request.SinceRevision);
    }

    public void Dispose() => documents.Changed -= Release;

    private void RefuseOtherFarm(string farm)
    {
        var own = documents.Current.Farm;
        if (farm.Length == 0 || own.Length == 0 || farm == own) return;
        throw new RpcException(new Status(StatusCode.FailedPrecondition, $"This cell belongs to the farm '{own}', not to '{farm}'."), new Metadata { { FleetClient.FarmTrailer, own } });
    }

    private async Task WaitAsync(GetDocumentsRequest request, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref held) <= Limits.DocumentPollsMax)
        {
            var wait = TimeSpan.FromMilliseconds(Math.Min(request.WaitMs, Limits.DocumentPollMax.TotalMilliseconds));
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
            var next = Volatile.Read(ref changed).Task;

            // Read after the task: a change in between has completed that one.
            if (request.SinceRevision == documents.Current.Revision) await next.WaitAsync(wait, clock, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Interlocked.Decrement(ref held);
    }

    /// <summary>As much as fits one answer, at least one document.</summary>
    private static GetDocumentsResponse Answer(DocumentSet set, long since)
    {
        var answer = new GetDocumentsResponse { Revision = set.Revision, Farm = set.Farm };
        answer.Endorsements.AddRange(set.Endorsements.Select(e => UnsafeByteOperations.UnsafeWrap(e)));
        var bytes = 0;
        foreach (var document in set.Since(since).Documents)
        {
            if (bytes > 0 && bytes + document.Envelope.Length > Limits.BlobChunkBytes)
            {
                answer.More = true;
                break;
            }

            answer.Documents.Add(UnsafeByteOperations.UnsafeWrap(document.Envelope));
            (bytes, answer.Revision) = (bytes + document.Envelope.Length, document.Header.Revision);
        }

        return answer;
    }

    private void Release() => Interlocked.Exchange(ref changed, Fresh()).TrySetResult();

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
