using OrleansHybrid.Links.Bundles.Push;
using OrleansHybrid.Links.Bundles.Store;

namespace OrleansHybrid.Silo.Cells;

/// <summary>Puts right what a killed process left of bundles. Registered before <see cref="ModelStart"/>: services begin in the order of their registration.</summary>
internal sealed class BundleStart(BundleStore store, UploadStore uploads) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await store.RecoverAsync(cancellationToken);
        uploads.Recover();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
