using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Grains.Ledger;

/// <summary>Paces the ledger and the quotas of a silo: at their intervals, and at once when a batch is full or a part runs low.</summary>
public sealed partial class LedgerDuties(
    LedgerRecorder recorder,
    LedgerFlusher flusher,
    QuotaMeter quotas,
    QuotaRenewal renewal,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock,
    ILogger<LedgerDuties> log) : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly List<PeriodicWork> works = [];
    private readonly List<Task> watches = [];
    private readonly CancellationTokenSource stopping = new();

    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(LedgerDuties), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    private Task StartAsync(CancellationToken cancellationToken)
    {
        Pace("Handing on the ledger", Limits.LedgerBatchAge, t => flusher.FlushAsync(false, t));
        Pace("Renewing the quotas", Limits.QuotaRenewInterval, renewal.RenewAsync);
        watches.Add(Task.Run(() => WatchAsync(recorder.FullAsync, t => flusher.FlushAsync(false, t)), CancellationToken.None));
        watches.Add(Task.Run(() => WatchAsync(quotas.LowAsync, renewal.RenewAsync), CancellationToken.None));
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await Task.WhenAll([.. works.Select(w => w.StopAsync()), .. watches]);
        try
        {
            await flusher.FlushAsync(true, cancellationToken).WaitAsync(Limits.CounterFlushAtStopMax, TimeProvider.System, cancellationToken);
        }
        catch (Exception e)
        {
            LogLost(log, e, Limits.LedgerBatchAge);
        }
    }

    private void Pace(string name, TimeSpan interval, Func<CancellationToken, Task> work)
    {
        var periodic = new PeriodicWork(name, interval, work, clock, log);
        works.Add(periodic);
        periodic.Start();
    }

    /// <summary>Work that fails here is tried again at its interval.</summary>
    private async Task WatchAsync(Func<CancellationToken, Task> due, Func<CancellationToken, Task> work)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await due(stopping.Token);
                await work(stopping.Token).WaitAsync(stopping.Token);
            }
            catch (Exception e)
            {
                if (!stopping.IsCancellationRequested) LogEarlier(log, e);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The last batch of this silo's ledger was not handed on: at most {Age} of it is lost.")]
    private static partial void LogLost(ILogger log, Exception e, TimeSpan age);

    [LoggerMessage(LogLevel.Debug, "What was due before its interval failed and is tried again at it.")]
    private static partial void LogEarlier(ILogger log, Exception e);
}
