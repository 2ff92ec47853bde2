using OrleansHybrid.Domain;
using OrleansHybrid.Grains;

namespace OrleansHybrid.Silo.Audit;

/// <summary>Checks the audit log when the silo has started, and at an interval from then on. The start does not wait for it; a change does.</summary>
internal sealed partial class AuditWatch(CellAuditLog audit, [FromKeyedServices(HybridClock.Key)] TimeProvider clock, ILogger<AuditWatch> log) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        running = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await running;
    }

    public void Dispose() => stopping.Dispose();

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Limits.AuditFollowInterval, clock);
        try
        {
            do await OnceAsync();
            while (await timer.WaitForNextTickAsync(stopping.Token));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task OnceAsync()
    {
        try
        {
            await audit.FollowAsync(stopping.Token).WaitAsync(stopping.Token);
        }
        catch (Exception failed) when (!stopping.IsCancellationRequested)
        {
            LogFailed(log, failed, Limits.AuditFollowInterval);
        }
    }

    [LoggerMessage(LogLevel.Error, "The cell's audit log could not be read, and is read again in {Interval}. Until it can be, changes are refused.")]
    private static partial void LogFailed(ILogger log, Exception failed, TimeSpan interval);
}
