using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.EndToEnd.Tests.Bundles;
using OrleansHybrid.Links.Protocol.Fleet;

namespace OrleansHybrid.EndToEnd.Tests.Tamper;

/// <summary>Files as a malicious sender hands them out: whole, unless a trick is asked for by digest.</summary>
internal sealed class BlobTricks
{
    private const int Part = 1000;
    private readonly ConcurrentDictionary<string, byte[]> files = new();
    private readonly ConcurrentDictionary<string, string> tricks = new();

    /// <summary>The digest.</summary>
    public string Add(byte[] content)
    {
        var digest = BundleDigests.Of(content);
        files[digest] = content;
        return digest;
    }

    public void Add(PushedVersion version)
    {
        foreach (var file in version.Files) Add(version.Read(file));
        Add(version.Signature);
    }

    /// <param name="trick">The last words of a kind's name.</param>
    public void Spoil(string digest, string trick) => tricks[digest] = trick;

    public void Heal(string digest) => tricks.TryRemove(digest, out _);

    public bool Has(string digest) => tricks.ContainsKey(digest);

    public Task SendAsync(GetBlobRequest request, IServerStreamWriter<BlobPart> stream)
    {
        if (!files.TryGetValue(request.Digest, out var file)) throw new RpcException(new Status(StatusCode.NotFound, "there is none"));
        return tricks.GetValueOrDefault(request.Digest) switch
        {
            "byte-altered" => SendAsync(stream, [(byte)(file[0] ^ 1), .. file[1..]], request.Offset, file.Length),
            "truncated" => SendAsync(stream, file[..(file.Length / 2)], request.Offset, file.Length),
            "size-said-wrong" => SendAsync(stream, file, request.Offset, file.Length + 1),
            "size-wrong-digest-right" => SendAsync(stream, file, request.Offset, 0),
            "endless" => EndlessAsync(stream, file.Length),
            null => SendAsync(stream, file, request.Offset, file.Length),
            var other => throw new InvalidOperationException($"no such trick: {other}"),
        };
    }

    private static async Task SendAsync(IServerStreamWriter<BlobPart> stream, byte[] file, long offset, long total)
    {
        for (var at = (int)offset; at < file.Length; at += Part) await stream.WriteAsync(new BlobPart { Data = ByteString.CopyFrom(file.AsSpan(at, Math.Min(Part, file.Length - at))), TotalBytes = total });
    }

    /// <summary>Until the receiver hangs up.</summary>
    private static async Task EndlessAsync(IServerStreamWriter<BlobPart> stream, long total)
    {
        var part = ByteString.CopyFrom(new byte[Limits.BlobChunkBytes]);
        while (true) await stream.WriteAsync(new BlobPart { Data = part, TotalBytes = total });
    }
}
