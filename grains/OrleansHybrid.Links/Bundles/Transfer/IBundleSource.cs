using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Documents;

namespace OrleansHybrid.Links.Bundles.Transfer;

/// <summary>Where the files of versions come from: the cell above, a peer, a test.</summary>
public interface IBundleSource
{
    /// <summary>A file's bytes from an offset, in order. It ends with the file, or with a part that says why nothing more came. Nothing of it is believed: the receiver hashes.</summary>
    IAsyncEnumerable<BlobChunk> ReadAsync(BlobReference blob, long offset, CancellationToken cancellationToken);
}

/// <summary>A part of a file on its way.</summary>
/// <param name="Bytes">Good until the next part is asked for; may be empty.</param>
/// <param name="TotalBytes">Of the whole file, as the source says; below 0 while it has not.</param>
/// <param name="Failure">Why nothing more comes; null: <paramref name="Bytes"/> came.</param>
public readonly record struct BlobChunk(ReadOnlyMemory<byte> Bytes, long TotalBytes, InferenceFailure? Failure)
{
    public static BlobChunk Of(InferenceFailure failure) => new(default, -1, failure);
}
