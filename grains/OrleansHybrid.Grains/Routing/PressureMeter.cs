using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Grains.Routing;

/// <summary>Measures this silo's load and keeps the level that <see cref="PressureRules"/> makes of it. One reader at a time: whoever makes the snapshots.</summary>
public sealed class PressureMeter([FromKeyedServices(HybridClock.Key)] TimeProvider clock)
{
    private readonly PoolLag lag = new();
    private PressureState state;

    /// <summary>How many entries of the policy's list are shed from now on.</summary>
    public int Read(IReadOnlyDictionary<VariantKey, VariantLoad> loads, RepositoryState repository, CompiledPolicy policy)
    {
        var poolLag = lag.Read() / Limits.PressurePoolLag;
        var target = policy.Defaults.LatencyTargetMs ?? Limits.PressureQueueWait.TotalMilliseconds;
        double fill = 0, wait = 0;
        foreach (var (key, load) in loads)
        {
            fill = Math.Max(fill, (double)load.Waiting / QueueOf(repository, key));
            wait = Math.Max(wait, WaitMs(load) / target);
        }

        state = PressureRules.Next(state, new PressureLoad(fill, wait, poolLag), policy.Shed.Count, clock.GetUtcNow());
        return state.Level;
    }

    /// <summary>What requests waited lately, but no more than those waiting now can explain: the measured window outlives the load by a minute.</summary>
    private static double WaitMs(VariantLoad load) => Math.Min(load.QueueMsP95, load.Waiting * load.RunMsP95);

    private static int QueueOf(RepositoryState repository, VariantKey key)
    {
        var manifest = repository.Models.GetValueOrDefault(key.Model)?.Find(key.Version)?.Manifest;
        return Math.Max(1, manifest?.Batching.MaxQueueSize ?? Limits.QueuePerVariantMax);
    }
}
