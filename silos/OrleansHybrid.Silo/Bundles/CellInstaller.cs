using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Grains;
using OrleansHybrid.Links.Bundles.Store;
using OrleansHybrid.Links.Bundles.Transfer;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Bundles;

/// <summary>Keeps this silo at what the documents want of it, from when the cell is up until it stops.</summary>
/// <remarks>An edge cell also fetches what its devices may ask for, so that they are served and taken in while the cell above is gone; never what only the cloud runs. The authority keeps everything published.</remarks>
internal sealed partial class CellInstaller : IHostedLifecycleService, IManagedVersions, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly IDocumentSource documents;
    private readonly VersionInstaller installer;
    private Task running = Task.CompletedTask;
    private int disposed;

    public CellInstaller(
        CellSettings cell,
        BundleStore store,
        CellSource source,
        IModelRepository repository,
        ActivationGate gate,
        PublishedModels published,
        IDocumentSource documents,
        IAuditLog audit,
        [FromKeyedServices(HybridClock.Key)] TimeProvider clock,
        ILogger<CellInstaller> log)
    {
        this.documents = documents;
        var node = new DesiredStateNode(new NodeKey(cell.Cell, cell.Node), cell.Zone, cell.ModelMemoryBytes, NodeAttributes.Unknown);
        var fetcher = new BundleFetcher(store, source, TransferLimits.None(clock));
        installer = new VersionInstaller(new InstallerParts(store, fetcher, repository, gate, () => published.Of(node), clock)
        {
            Audit = audit,
            Notice = text => LogNotice(log, text),
            Others = () => cell.Upstream is not null && cell.Zone == Zone.Edge ? published.FilesFor(Zone.Device) : [],
            Keep = () => cell.Upstream is null ? published.Everything() : [],
            Seed = StringComparer.Ordinal.GetHashCode(cell.Node),
        });
        documents.Changed += installer.Wake;
    }

    public IReadOnlyList<NodeVersion> Versions => installer.Versions;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        running = Task.Run(() => installer.RunAsync(stopping.Token), cancellationToken);
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => stopping.CancelAsync();

    public async Task StopAsync(CancellationToken cancellationToken) => await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>More than once: the container knows it by more than one name.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        documents.Changed -= installer.Wake;
        stopping.Cancel();
        stopping.Dispose();
    }

    [LoggerMessage(LogLevel.Information, "{Notice}")]
    private static partial void LogNotice(ILogger log, string notice);
}
