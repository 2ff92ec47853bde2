using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Contracts;
using OrleansHybrid.Domain.Ledger;

namespace OrleansHybrid.Grains.Ledger;

/// <summary>Keeps this silo's parts of all quotas filled, so that no request waits for a grain.</summary>
public sealed class QuotaRenewal(
    HybridGrainsOptions options,
    QuotaMeter meter,
    IClusterMembershipService membership,
    IGrainFactory grains,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock)
{
    private const int AskedAtOnce = 16;

    private readonly SemaphoreSlim renewing = new(1);
    private readonly QuotaSilo silo = new(options.Node, clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Asks for every tenant whose part needs it. A grain that does not answer sets its tenant on the fail-safe; the failures are thrown together.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        await renewing.WaitAsync(cancellationToken);
        try
        {
            meter.Silos = membership.CurrentSnapshot.Members.Values.Count(m => m.Status == SiloStatus.Active);
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = cancellationToken };
            var failures = new ConcurrentQueue<Exception>();
            await Parallel.ForEachAsync(meter.Tenants, parallel, async (entry, token) =>
            {
                try
                {
                    await entry.Value.RenewAsync(grains.GetLedger(LedgerNames.OfTenant(entry.Key)), silo, meter.Silos, clock, token);
                }
                catch (Exception e) when (!token.IsCancellationRequested)
                {
                    failures.Enqueue(e);
                }
            });
            if (!failures.IsEmpty) throw new AggregateException($"{failures.Count} tenants' quotas were not renewed; they go by their fail-safe.", failures);
        }
        finally
        {
            renewing.Release();
        }
    }
}
