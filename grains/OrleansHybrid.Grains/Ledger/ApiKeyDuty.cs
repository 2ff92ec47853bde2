using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Grains.Ledger;

/// <summary>Keeps this silo's copy of the keys current, from the moment the silo takes calls until it stops.</summary>
public sealed class ApiKeyDuty([FromKeyedServices(HybridClock.Key)] TimeProvider clock, ApiKeyRing ring, ILogger<ApiKeyDuty> log) : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly PeriodicWork work = new("Reading the cell's API keys", Limits.ApiKeyRefreshInterval, ring.RefreshAsync, clock, log);

    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(ApiKeyDuty), ServiceLifecycleStage.Active, StartAsync, _ => work.StopAsync());

    private Task StartAsync(CancellationToken cancellationToken)
    {
        work.Start();
        return Task.CompletedTask;
    }
}
