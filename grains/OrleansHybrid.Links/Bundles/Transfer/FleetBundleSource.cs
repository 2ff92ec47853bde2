using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Links.Fleet;

namespace OrleansHybrid.Links.Bundles.Transfer;

/// <summary>Files from a cell or a peer by the fleet protocol.</summary>
/// <param name="localOnly">True towards a peer: it asks nobody else.</param>
public sealed class FleetBundleSource(FleetClient client, bool localOnly = false) : IBundleSource
{
    public IAsyncEnumerable<BlobChunk> ReadAsync(BlobReference blob, long offset, CancellationToken cancellationToken) => client.GetBlobAsync(blob.Digest, offset, localOnly, cancellationToken);
}
