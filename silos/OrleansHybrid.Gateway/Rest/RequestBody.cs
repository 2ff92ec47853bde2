using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Failures;

namespace OrleansHybrid.Gateway.Rest;

/// <summary>A request's body after decompression, read into leases and bounded on the way.</summary>
/// <remarks>The bound counts decompressed bytes, so a small body that unpacks to a large one ends with 413 and never lies in memory whole.</remarks>
internal sealed class RequestBody : IAsyncDisposable
{
    /// <summary>The first buffer for a body whose length nobody has proven yet; it doubles as bytes really arrive.</summary>
    private const int FirstBytes = 1 << 20;
    private const int FirstBytesUnknown = 16 << 10;

    private readonly Stream stream;
    private readonly bool owned;
    private readonly long bytesMax;

    private RequestBody(Stream stream, bool owned, long? length, long bytesMax)
    {
        this.stream = stream;
        this.owned = owned;
        this.bytesMax = bytesMax;
        Length = length;
    }

    /// <summary>Bytes of the whole body where its header tells them; null for chunked and compressed bodies.</summary>
    public long? Length { get; }

    /// <summary>The most that this body may hold, decompressed.</summary>
    public long BytesMax => bytesMax;

    /// <summary>Bytes read so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>A body of unknown length that somebody else opened and closes.</summary>
    public static RequestBody Of(Stream stream, long bytesMax) => new(stream, false, null, bytesMax);

    /// <summary>Opens the body by its headers; the failure names what is not served.</summary>
    public static InferenceFailure? Open(HttpRequest request, long bytesMax, out RequestBody body)
    {
        body = null!;
        if (request.ContentLength > bytesMax) return Bad.TooLarge(request.ContentLength.Value);
        string? encoding = request.Headers.ContentEncoding;
        body = encoding switch
        {
            null or "" or "identity" => new RequestBody(request.Body, false, request.ContentLength, bytesMax),
            "gzip" => new RequestBody(new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true), true, null, bytesMax),
            "deflate" => new RequestBody(new ZLibStream(request.Body, CompressionMode.Decompress, leaveOpen: true), true, null, bytesMax),
            _ => null!,
        };
        return body is null ? Bad.Input("Content-Encoding must be gzip, deflate or absent.") : null;
    }

    /// <summary>Reads everything into one lease, which the caller releases.</summary>
    public async ValueTask<(TensorLease? Content, InferenceFailure? Failure)> ReadAllAsync(TensorPool pool, CancellationToken cancellationToken)
    {
        var lease = pool.Rent((int)Math.Min(Length ?? FirstBytesUnknown, FirstBytes));
        var count = 0;
        try
        {
            while (true)
            {
                if (count == lease.Length)
                {
                    if (count == Length) break;
                    if (count >= bytesMax) return (null, Bad.TooLarge(count));
                    lease = Grow(lease, pool);
                }

                var read = await stream.ReadAsync(lease.Memory[count..], cancellationToken);
                if (read == 0) break;
                count += read;
                BytesRead += read;
            }

            if (BytesRead > bytesMax) return (null, Bad.TooLarge(BytesRead));
            var whole = count == lease.Length ? lease.Share() : Shrink(lease, count, pool);
            return (whole, null);
        }
        finally
        {
            lease.Release();
        }
    }

    /// <summary>Fills <paramref name="target"/> exactly; false when the body ends before.</summary>
    public async ValueTask<bool> FillAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        while (target.Length > 0)
        {
            var read = await stream.ReadAsync(target, cancellationToken);
            if (read == 0) return false;
            BytesRead += read;
            target = target[read..];
        }

        return true;
    }

    /// <summary>Whether nothing follows what was read.</summary>
    public async ValueTask<bool> AtEndAsync(CancellationToken cancellationToken)
    {
        if (Length is { } length) return BytesRead == length;
        var one = new byte[1];
        return await stream.ReadAsync(one, cancellationToken) == 0;
    }

    public ValueTask DisposeAsync() => owned ? stream.DisposeAsync() : ValueTask.CompletedTask;

    private TensorLease Grow(TensorLease full, TensorPool pool)
    {
        var room = Math.Min(bytesMax, full.Length * 2L);
        if (Length is { } length) room = Math.Min(room, length);
        var larger = pool.Rent((int)Math.Max(room, 1));
        full.Span.CopyTo(larger.Span);
        full.Release();
        return larger;
    }

    private static TensorLease Shrink(TensorLease lease, int count, TensorPool pool) => pool.Copy(lease.Span[..count]);
}
