using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Grains.Routing;

namespace OrleansHybrid.Grains.Ledger;

/// <summary>The quotas of the policy on this silo: requests take from parts that were leased before; money is charged when an attempt ends, by what it really cost.</summary>
/// <remarks>A tenant without a quota costs one look-up. Requests in flight can overrun a day's money by their own cost: it is known when they end.</remarks>
public sealed class QuotaMeter : IQuotaMeter, IRequestObserver
{
    private readonly PolicyHolder policy;
    private readonly TimeProvider clock;
    private readonly SemaphoreSlim low = new(0);
    private readonly Lock adopting = new();
    private FrozenDictionary<string, TenantQuota> tenants = FrozenDictionary<string, TenantQuota>.Empty;
    private int silos = 1;
    private int signalled;

    public QuotaMeter(PolicyHolder policy, [FromKeyedServices(HybridClock.Key)] TimeProvider clock)
    {
        (this.policy, this.clock) = (policy, clock);
        policy.Changed += Adopt;
        Adopt();
    }

    internal FrozenDictionary<string, TenantQuota> Tenants => Volatile.Read(ref tenants);

    /// <summary>Silos of this cell that share the quotas; told by the renewal.</summary>
    internal int Silos
    {
        get => Volatile.Read(ref silos);
        set => Volatile.Write(ref silos, Math.Max(1, value));
    }

    public QuotaState Take(string tenant) => Ask(tenant, count: true);

    public QuotaState Peek(string tenant) => Ask(tenant, count: false);

    public void AttemptEnded(in AttemptReport attempt)
    {
        if (attempt.Plan.Request.Caller.Hops.Count > 0 || !Tenants.TryGetValue(attempt.Tenant, out var quota)) return;
        var cost = LedgerPrices.Of(attempt, policy.Current.PricesIn(attempt.Zone));
        if (cost > 0 && quota.Charge(cost, Silos, clock.GetUtcNow())) Signal();
    }

    public void RequestEnded(in RequestReport report)
    {
    }

    /// <summary>Returns when a part runs low.</summary>
    internal async Task LowAsync(CancellationToken cancellationToken)
    {
        await low.WaitAsync(cancellationToken);
        Volatile.Write(ref signalled, 0);
    }

    private QuotaState Ask(string tenant, bool count)
    {
        if (!Tenants.TryGetValue(tenant, out var quota)) return default;
        var state = quota.Take(count, Silos, clock.GetUtcNow(), out var runsLow);
        if (runsLow) Signal();
        return state;
    }

    private void Signal()
    {
        if (Interlocked.Exchange(ref signalled, 1) == 0) low.Release();
    }

    /// <summary>What a tenant used stays used when the amounts change.</summary>
    private void Adopt()
    {
        lock (adopting)
        {
            var now = clock.GetUtcNow();
            var known = Tenants;
            var next = new Dictionary<string, TenantQuota>(StringComparer.Ordinal);
            foreach (var config in policy.Current.Quotas)
            {
                if (!known.TryGetValue(config.Tenant, out var quota)) quota = new TenantQuota(config, now);
                else if (quota.Config != config) quota.Change(config, now);
                next[config.Tenant] = quota;
            }

            Volatile.Write(ref tenants, next.ToFrozenDictionary(StringComparer.Ordinal));
        }

        if (Tenants.Count > 0) Signal();
    }
}
