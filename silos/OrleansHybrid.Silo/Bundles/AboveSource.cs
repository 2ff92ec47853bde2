using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Grains;
using OrleansHybrid.Links.Bundles.Transfer;
using OrleansHybrid.Links.Fleet;
using OrleansHybrid.Links.Upstreams;
using OrleansHybrid.Silo.Cells;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Tls;

namespace OrleansHybrid.Silo.Bundles;

/// <summary>Files from the cell above, within the limits of the link; none while the link is cut, or where nothing is above.</summary>
internal sealed class AboveSource : IBundleSource, IDisposable
{
    private readonly FleetClient? client;
    private readonly LimitedSource? source;
    private readonly UpstreamDirectory links;

    public AboveSource(CellSettings cell, CellTls tls, UpstreamDirectory links, [FromKeyedServices(HybridClock.Key)] TimeProvider clock)
    {
        this.links = links;
        if (cell.Upstream is null) return;
        client = new FleetClient(CellLinks.Options(cell, tls), clock);
        source = new LimitedSource(new FleetBundleSource(client), new TransferLimits(cell.LinkBytesPerSecond, cell.FetchWindow, clock), WhyNot);
    }

    public bool Exists => source is not null;

    public IAsyncEnumerable<BlobChunk> ReadAsync(BlobReference blob, long offset, CancellationToken cancellationToken) => source is null
        ? Nothing()
        : source.ReadAsync(blob, offset, cancellationToken);

    public void Dispose() => client?.Dispose();

    private InferenceFailure? WhyNot() => links.Above?.State.Health == LinkHealth.Cut
        ? new InferenceFailure(FailureCode.UpstreamUnavailable, "The link to the cell above is cut. POST /v1/links/{cell above}:heal opens it.")
        : null;

    private static async IAsyncEnumerable<BlobChunk> Nothing()
    {
        await Task.CompletedTask;
        yield return BlobChunk.Of(new InferenceFailure(FailureCode.UpstreamUnavailable, "No silo of this cell has the file, and no cell is above it. Push the version again."));
    }
}
