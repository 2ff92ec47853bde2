using System.Collections.Concurrent;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Grains;
using OrleansHybrid.Links.Bundles.Store;
using OrleansHybrid.Links.Bundles.Transfer;

namespace OrleansHybrid.Silo.Bundles;

/// <summary>Fetches a file from above for whoever asks, once for all who do. It goes on when they stop waiting.</summary>
internal sealed class BlobPull(BundleStore store, AboveSource above, IHostApplicationLifetime lifetime, [FromKeyedServices(HybridClock.Key)] TimeProvider clock)
{
    private readonly BundleFetcher fetcher = new(store, above, TransferLimits.None(clock));
    private readonly ConcurrentDictionary<string, Lazy<Task<FetchOutcome>>> running = new(StringComparer.Ordinal);

    public bool CanPull => above.Exists;

    public Task<FetchOutcome> PullAsync(BlobReference blob) =>
        running.GetOrAdd(blob.Digest, _ => new Lazy<Task<FetchOutcome>>(() => FetchAsync(blob))).Value;

    private async Task<FetchOutcome> FetchAsync(BlobReference blob)
    {
        await Task.Yield();
        try
        {
            return await fetcher.FetchAsync(blob, lifetime.ApplicationStopping);
        }
        finally
        {
            running.TryRemove(blob.Digest, out _);
        }
    }
}
