using System.Runtime.CompilerServices;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Links.Bundles.Transfer;

namespace OrleansHybrid.Grains.Tests.Bundles;

/// <summary>A cell above with the publisher's files, which notes what it was asked for and can misbehave with one of them.</summary>
internal sealed class FakeBundleSource(SignedSource publisher) : IBundleSource
{
    private const int PartBytes = 5;

    /// <summary>Names and offsets, in order.</summary>
    public List<(string File, long Offset)> Asked { get; } = [];

    /// <summary>Another content for a file.</summary>
    public Dictionary<string, byte[]> Instead { get; } = [];

    /// <summary>The link breaks once after so many bytes of this file.</summary>
    public (string File, int Bytes)? BreaksOnce { get; set; }

    public string? Endless { get; set; }

    public string? EndsEarly { get; set; }

    /// <summary>The total that it states for every file; null: the right one.</summary>
    public long? States { get; set; }

    public async IAsyncEnumerable<BlobChunk> ReadAsync(BlobReference blob, long offset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        var path = Find(blob.Digest);
        var name = Path.GetFileName(path);
        Asked.Add((name, offset));
        var content = Instead.GetValueOrDefault(name) ?? await File.ReadAllBytesAsync(path, cancellationToken);
        var sent = (int)offset;
        while (sent < content.Length)
        {
            if (BreaksOnce is { } breaks && breaks.File == name && sent >= breaks.Bytes)
            {
                BreaksOnce = null;
                yield return BlobChunk.Of(new InferenceFailure(FailureCode.UpstreamUnavailable, "the link broke off"));
                yield break;
            }

            if (EndsEarly == name && sent > 0) yield break;
            var count = Math.Min(PartBytes, content.Length - sent);
            yield return new BlobChunk(content.AsMemory(sent, count), States ?? -1, null);
            sent += count;
        }

        while (Endless == name) yield return new BlobChunk(new byte[PartBytes], -1, null);
    }

    private string Find(string digest) => Directory.EnumerateFiles(publisher.Folder, "*", SearchOption.AllDirectories)
        .First(f => Domain.Bundles.BundleDigests.Of(File.ReadAllBytes(f)) == digest);
}
