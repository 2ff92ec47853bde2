using Google.Protobuf;
using Grpc.Core;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Grains;
using OrleansHybrid.Links.Bundles;
using OrleansHybrid.Links.Bundles.Transfer;
using OrleansHybrid.Links.Protocol.Fleet;
using OrleansHybrid.Silo.Bundles;

namespace OrleansHybrid.Silo.Fleet;

/// <summary>Hands out files by their digest, in parts. Only those of published versions: what was pushed and not published is nobody's to read.</summary>
internal sealed class BlobCalls(IBlobReader blobs, PublishedModels published, BlobPull pull, [FromKeyedServices(HybridClock.Key)] TimeProvider clock)
{
    private int streams;

    public async Task SendAsync(GetBlobRequest request, IServerStreamWriter<BlobPart> parts, ServerCallContext context)
    {
        if (published.Find(request.Digest) is not { } blob) throw NotFound("No published version has a file of this digest. Take digests from the catalogue's documents.");
        if (request.Offset < 0 || request.Offset > blob.Bytes) throw FleetStatus.Bad($"offset: expected 0 to {blob.Bytes}; came {request.Offset}.");
        try
        {
            if (Interlocked.Increment(ref streams) > Limits.BlobStreamsMax) throw FleetStatus.Of(new InferenceFailure(FailureCode.Overloaded, $"This silo hands out {Limits.BlobStreamsMax} files already. Call again.", Limits.CheckInRetryAfter));
            await using var file = await OpenAsync(blob, request.LocalOnly, parts, context.CancellationToken);
            await CopyAsync(file, request.Offset, parts, context.CancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref streams);
        }
    }

    private async Task<Stream> OpenAsync(BlobReference blob, bool localOnly, IServerStreamWriter<BlobPart> parts, CancellationToken cancellationToken)
    {
        if (await blobs.OpenAsync(blob.Digest, localOnly: true, cancellationToken) is { } here) return here;
        if (localOnly || !pull.CanPull) throw NotFound("This silo does not have the file. Ask another silo of the cell, or push the version again.");
        var outcome = await WaitAsync(pull.PullAsync(blob), parts, cancellationToken);
        return await blobs.OpenAsync(blob.Digest, localOnly: true, cancellationToken)
            ?? throw FleetStatus.Of(new InferenceFailure(FailureCode.ModelNotReady, $"The file is not here yet: {outcome?.Failure?.Message ?? outcome?.Problem?.Message ?? "it is being fetched."} Call again.", Limits.CheckInRetryAfter));
    }

    /// <summary>Null when it takes longer than a caller is held.</summary>
    private async Task<FetchOutcome?> WaitAsync(Task<FetchOutcome> pulled, IServerStreamWriter<BlobPart> parts, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (clock.GetElapsedTime(began) < Limits.BlobPullWaitMax)
        {
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (await Task.WhenAny(pulled, Task.Delay(Limits.BlobSignOfLife, clock, pause.Token)) == pulled) return await pulled;
            await pause.CancelAsync();
            await parts.WriteAsync(new BlobPart(), cancellationToken);
        }

        return null;
    }

    private static async Task CopyAsync(Stream file, long offset, IServerStreamWriter<BlobPart> parts, CancellationToken cancellationToken)
    {
        file.Seek(offset, SeekOrigin.Begin);
        var (total, first) = (file.Length, true);
        while (true)
        {
            // One array a part: the message is on its way while the next is read.
            var buffer = new byte[(int)Math.Min(Limits.BlobChunkBytes, total - file.Position)];
            var count = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            if (count == 0 && !first) return;
            await parts.WriteAsync(new BlobPart { Data = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count)), TotalBytes = first ? total : 0 }, cancellationToken);
            first = false;
        }
    }

    private static RpcException NotFound(string message) => new(new Status(StatusCode.NotFound, message));
}
