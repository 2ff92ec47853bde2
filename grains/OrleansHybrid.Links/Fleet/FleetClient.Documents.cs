using Google.Protobuf;
using Grpc.Core;
using OrleansHybrid.Domain;
using OrleansHybrid.Links.Protocol.Fleet;
using OrleansHybrid.Links.Upstreams;

namespace OrleansHybrid.Links.Fleet;

public sealed partial class FleetClient
{
    /// <summary>Documents above a revision; with <paramref name="wait"/> the cell holds the answer until there is one, at most for that time.</summary>
    /// <param name="farm">The caller's; empty: of any farm.</param>
    public async ValueTask<DocumentsAnswer> GetDocumentsAsync(long sinceRevision, string farm, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Limits.FleetCallMax + wait, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            var request = new GetDocumentsRequest { SinceRevision = sinceRevision, Farm = farm, WaitMs = (long)wait.TotalMilliseconds };
            var answer = await fleet.GetDocumentsAsync(request, identity, cancellationToken: linked.Token).ConfigureAwait(false);
            return new DocumentsAnswer(answer.Farm, answer.Revision, Bytes(answer.Documents), Bytes(answer.Endorsements), answer.More, null);
        }
        catch (RpcException failed) when (failed.StatusCode == StatusCode.Unimplemented && StatusTable.IsAnswer(failed))
        {
            return DocumentsAnswer.Of(StatusTable.Failure(failed, target)) with { NotServed = true };
        }
        catch (RpcException failed) when (failed.StatusCode == StatusCode.FailedPrecondition && StatusTable.IsAnswer(failed))
        {
            return DocumentsAnswer.Of(new InferenceFailure(FailureCode.UpstreamRejected, $"'{target}' serves another farm than this cell's. Look where --upstream leads.")) with { Farm = failed.Trailers.GetValue(FarmTrailer) ?? "" };
        }
        catch (RpcException failed)
        {
            return DocumentsAnswer.Of(StatusTable.Failure(failed, target));
        }
    }

    /// <summary>Where a server that serves another farm says which.</summary>
    public const string FarmTrailer = "hybrid-farm";

    private static IReadOnlyList<byte[]> Bytes(IEnumerable<ByteString> texts) => [.. texts.Select(t => t.ToByteArray())];
}
