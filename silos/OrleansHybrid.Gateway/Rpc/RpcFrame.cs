using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Rest;

namespace OrleansHybrid.Gateway.Rpc;

/// <summary>Reads the one length-prefixed message of a unary call.</summary>
internal static class RpcFrame
{
    private const int PrefixBytes = 5;

    /// <summary>Reads the message and hands it to <paramref name="parse"/> while its bytes are in the transport's own buffers.</summary>
    public static async ValueTask<(InferenceFailure? Failure, long Bytes)> ReadAsync(
        HttpRequest request, TensorPool pool, long bytesMax, Func<ReadOnlySequence<byte>, InferenceFailure?> parse, CancellationToken cancellationToken)
    {
        var pipe = request.BodyReader;
        var prefix = await pipe.ReadAtLeastAsync(PrefixBytes, cancellationToken);
        var (packed, length) = prefix.Buffer.Length < PrefixBytes ? (false, -1) : Prefix(prefix.Buffer);
        pipe.AdvanceTo(prefix.Buffer.Start);
        if (length < 0) return (Bad.Input("The call ended before its message."), 0);
        if (length > bytesMax) return (Bad.TooLarge(length), length);
        var whole = await pipe.ReadAtLeastAsync(PrefixBytes + (int)length, cancellationToken);
        try
        {
            if (whole.Buffer.Length < PrefixBytes + length) return (Bad.Input("The call ended inside its message."), whole.Buffer.Length);
            if (whole.Buffer.Length > PrefixBytes + length) return (Bad.Input("The call sent more than one message; it takes one."), whole.Buffer.Length);
            var message = whole.Buffer.Slice(PrefixBytes, length);
            var failure = packed ? await UnpackAsync(message, request.Headers["grpc-encoding"], pool, bytesMax, parse, cancellationToken) : parse(message);
            return (failure, length);
        }
        finally
        {
            pipe.AdvanceTo(whole.Buffer.End);
        }
    }

    private static (bool Packed, long Length) Prefix(ReadOnlySequence<byte> buffer)
    {
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        buffer.Slice(0, PrefixBytes).CopyTo(prefix);
        return (prefix[0] != 0, BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]));
    }

    private static async ValueTask<InferenceFailure?> UnpackAsync(
        ReadOnlySequence<byte> message, string? encoding, TensorPool pool, long bytesMax, Func<ReadOnlySequence<byte>, InferenceFailure?> parse, CancellationToken cancellationToken)
    {
        var source = PipeReader.Create(message).AsStream();
        await using Stream? plain = encoding switch
        {
            "gzip" => new GZipStream(source, CompressionMode.Decompress),
            "deflate" => new ZLibStream(source, CompressionMode.Decompress),
            _ => null,
        };
        if (plain is null) return Bad.Input("grpc-encoding must be gzip, deflate or identity.");
        try
        {
            var (content, failure) = await RequestBody.Of(plain, bytesMax).ReadAllAsync(pool, cancellationToken);
            if (content is null) return failure;
            using (content) return parse(new ReadOnlySequence<byte>(content.Memory));
        }
        catch (InvalidDataException)
        {
            return Bad.Body("is not what its grpc-encoding says: decompressing it failed");
        }
    }
}
