using System.Runtime.CompilerServices;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.FleetSimulator.Plan;
using OrleansHybrid.Links.Bundles.Store;
using OrleansHybrid.Links.Bundles.Transfer;

namespace OrleansHybrid.FleetSimulator.Run;

/// <summary>Files that are really fetched: the signature verified first, each file hashed while it comes, resumed, staged, all by the product's own store and fetcher.</summary>
internal sealed class FetchedArrival : IFileArrival
{
    private readonly BundleStore store;
    private readonly BundleFetcher fetcher;

    /// <param name="store">Recovered.</param>
    public FetchedArrival(NodePlan plan, NodeDisk disk, BundleStore store, IBundleSource above, NodeTally tally, TimeProvider clock)
    {
        this.store = store;
        fetcher = new BundleFetcher(store, new MortalSource(plan, disk, above, tally), new TransferLimits(plan.Link.BytesPerSecond, null, clock));
    }

    public async Task<Arrival> ArriveAsync(DesiredVersion wanted, CancellationToken cancellationToken)
    {
        var fetched = await fetcher.FetchAsync(wanted.Model, wanted.Source, wanted.Files, cancellationToken);
        if (fetched.Failure is { } failure) return new Arrival(failure.Message, null);
        var problem = fetched.Problem ?? (await store.StageAsync(wanted.Model, wanted.Source, wanted.Files, cancellationToken)).Problem;
        return new Arrival(null, problem?.ToString());
    }

    /// <summary>The cell's files, until the planned part of one has come.</summary>
    private sealed class MortalSource(NodePlan plan, NodeDisk disk, IBundleSource above, NodeTally tally) : IBundleSource
    {
        public async IAsyncEnumerable<BlobChunk> ReadAsync(BlobReference blob, long offset, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var here = offset;
            await foreach (var chunk in above.ReadAsync(blob, offset, cancellationToken))
            {
                var death = plan.Faults.DiesAtPart is { } part && !disk.DiedInTransfer ? (long)(part * blob.Bytes) : long.MaxValue;
                var bytes = (int)Math.Min(chunk.Bytes.Length, Math.Max(0, death - here));
                tally.Fetched(bytes);
                if (bytes > 0 || chunk.Bytes.Length == 0) yield return bytes == chunk.Bytes.Length ? chunk : chunk with { Bytes = chunk.Bytes[..bytes] };
                here += bytes;
                if (bytes == chunk.Bytes.Length) continue;
                disk.DiedInTransfer = true;
                throw new NodeDiedException();
            }
        }
    }
}
