using System.Runtime.CompilerServices;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Documents;

namespace OrleansHybrid.Links.Bundles.Transfer;

/// <summary>A source over a link that has limits of its own, or may be cut.</summary>
/// <param name="whyNot">Why the link may not be used now; null: it may. Asked at each part.</param>
public sealed class LimitedSource(IBundleSource inner, TransferLimits limits, Func<InferenceFailure?> whyNot) : IBundleSource
{
    public async IAsyncEnumerable<BlobChunk> ReadAsync(BlobReference blob, long offset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (WhyNot() is { } shut)
        {
            yield return BlobChunk.Of(shut);
            yield break;
        }

        await foreach (var chunk in inner.ReadAsync(blob, offset, cancellationToken).ConfigureAwait(false))
        {
            yield return WhyNot() is { } closed ? BlobChunk.Of(closed) : chunk;
            await limits.TakeAsync(chunk.Bytes.Length, cancellationToken).ConfigureAwait(false);
        }
    }

    private InferenceFailure? WhyNot() => whyNot() ?? limits.WhyNot();
}
