using System.Runtime.CompilerServices;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Links.Bundles.Transfer;

namespace OrleansHybrid.Silo.Bundles;

/// <summary>Where a silo has files from. For each digest one silo of the cell, by rendezvous hash, has them from above; the others have them from that one, so that a cell fetches a file once.</summary>
/// <remarks>When the chosen silo does not answer, this one asks above itself. In the authority each peer is asked for what it has.</remarks>
internal sealed class CellSource(PeerSources peers, AboveSource above) : IBundleSource
{
    public async IAsyncEnumerable<BlobChunk> ReadAsync(BlobReference blob, long offset, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var position = offset;
        foreach (var source in Sources(blob.Digest))
        {
            var broke = false;
            await foreach (var chunk in source.ReadAsync(blob, position, cancellationToken))
            {
                broke = chunk.Failure is not null;
                if (broke) break;
                position += chunk.Bytes.Length;
                yield return chunk;
            }

            if (!broke) yield break;
        }

        await foreach (var chunk in above.ReadAsync(blob, position, cancellationToken)) yield return chunk;
    }

    private IEnumerable<IBundleSource> Sources(string digest)
    {
        var order = peers.Order(digest);
        var asked = above.Exists ? order.Take(1).Where(a => a.Length > 0) : order.Where(a => a.Length > 0);
        return asked.Select(a => peers.Find(a, localOnly: !above.Exists)).OfType<IBundleSource>();
    }
}
