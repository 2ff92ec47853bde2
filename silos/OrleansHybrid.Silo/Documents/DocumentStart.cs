using OrleansHybrid.Domain;
using OrleansHybrid.Grains;
using OrleansHybrid.Silo.Settings;

namespace OrleansHybrid.Silo.Documents;

/// <summary>Puts the documents of the disk in force before the silo joins its cell, and follows the cell and the one above from then on.</summary>
internal sealed partial class DocumentStart(
    CellSettings cell,
    DocumentKeeper keeper,
    DocumentsAbove above,
    AuthorityDuties duties,
    PolicyFollower policy,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock,
    ILogger<DocumentStart> log) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => keeper.LoadAsync(cancellationToken);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RoundAsync(cancellationToken).WaitAsync(Limits.DocumentStartMax, TimeProvider.System, cancellationToken);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            LogUnasked(log, failed, keeper.Current.Revision);
        }

        running = Task.WhenAll(EveryAsync(), above.RunAsync(stopping.Token));
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private async Task RoundAsync(CancellationToken cancellationToken)
    {
        await keeper.FollowCellAsync(cancellationToken);
        if (cell.Upstream is null) await duties.RunAsync(cancellationToken);
        else await policy.FollowAsync(cancellationToken);
    }

    /// <summary>Never twice at once; what fails is told and tried again.</summary>
    private async Task EveryAsync()
    {
        using var timer = new PeriodicTimer(Limits.DocumentFollowInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token)) await OnceAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task OnceAsync()
    {
        try
        {
            await RoundAsync(stopping.Token).WaitAsync(stopping.Token);
        }
        catch (Exception failed) when (!stopping.IsCancellationRequested)
        {
            LogFailed(log, failed);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The cell's store did not tell its documents. Those up to revision {Revision}, which this silo had, hold until it does.")]
    private static partial void LogUnasked(ILogger log, Exception failed, long revision);

    [LoggerMessage(LogLevel.Warning, "Following the cell's documents failed and is tried again.")]
    private static partial void LogFailed(ILogger log, Exception failed);
}
