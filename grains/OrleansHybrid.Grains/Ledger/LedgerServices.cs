using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Grains.Ledger;

internal static class LedgerServices
{
    /// <summary>The ledger and the quotas. The host may register an <see cref="IEnergyMeter"/> before.</summary>
    public static void AddLedger(this IServiceCollection services)
    {
        services.TryAddSingleton<IEnergyMeter, NoEnergyMeter>();
        services.AddSingleton(p => new LedgerTotals(p.GetRequiredService<HybridGrainsOptions>(), p.GetRequiredKeyedService<TimeProvider>(HybridClock.Key)));
        services.AddSingleton<LedgerRecorder>();
        services.AddSingleton<IRequestObserver>(p => p.GetRequiredService<LedgerRecorder>());
        services.AddSingleton<LedgerFlusher>();
        services.AddSingleton<QuotaMeter>();
        services.AddSingleton<IRequestObserver>(p => p.GetRequiredService<QuotaMeter>());
        services.TryAddSingleton<IQuotaMeter>(p => p.GetRequiredService<QuotaMeter>());
        services.AddSingleton<QuotaRenewal>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, LedgerDuties>();
    }
}
