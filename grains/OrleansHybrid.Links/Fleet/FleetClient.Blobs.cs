using System.Runtime.CompilerServices;
using Grpc.Core;
using OrleansHybrid.Domain;
using OrleansHybrid.Links.Bundles.Transfer;
using OrleansHybrid.Links.Protocol.Fleet;
using OrleansHybrid.Links.Upstreams;

namespace OrleansHybrid.Links.Fleet;

/// <content>Files by their digest.</content>
public sealed partial class FleetClient
{
    /// <summary>A file's bytes from an offset, as they arrive. It ends with the file, or with a part that says why nothing more came.</summary>
    /// <param name="localOnly">Only what the server has itself.</param>
    public async IAsyncEnumerable<BlobChunk> GetBlobAsync(string digest, long offset, bool localOnly, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Limits.BlobStallMax, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        using var call = fleet.GetBlob(new GetBlobRequest { Digest = digest, Offset = offset, LocalOnly = localOnly }, new CallOptions(identity, cancellationToken: linked.Token));
        var total = -1L;
        while (true)
        {
            patience.CancelAfter(Limits.BlobStallMax);
            var (part, failure) = await NextAsync(call.ResponseStream, linked.Token).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (failure is null && part is null) yield break;
            failure ??= WrongWith(part!, ref total);
            if (failure is not null)
            {
                yield return BlobChunk.Of(failure);
                yield break;
            }

            // The receiver may hold back on purpose: its time is not the sender's.
            patience.CancelAfter(Timeout.InfiniteTimeSpan);
            yield return new BlobChunk(part!.Data.Memory, total, null);
        }
    }

    private async ValueTask<(BlobPart? Part, InferenceFailure? Failure)> NextAsync(IAsyncStreamReader<BlobPart> parts, CancellationToken cancellationToken)
    {
        try
        {
            return (await parts.MoveNext(cancellationToken).ConfigureAwait(false) ? parts.Current : null, null);
        }
        catch (RpcException failed)
        {
            return (null, FleetFailures.Of(failed, target));
        }
        catch (OperationCanceledException)
        {
            return (null, StatusTable.BrokeOff(target));
        }
    }

    /// <summary>An empty part is a sign of life while the server waits for the file itself. More bytes than the server said are the receiver's to refuse: it knows what was signed.</summary>
    private InferenceFailure? WrongWith(BlobPart part, ref long total)
    {
        if (total < 0 && part.TotalBytes > 0) total = part.TotalBytes;
        return part.Data.Length > Limits.BlobChunkBytes ? StatusTable.Rejected(target, $"sent a part of {part.Data.Length} bytes, {Limits.BlobChunkBytes} are the most") : null;
    }
}
