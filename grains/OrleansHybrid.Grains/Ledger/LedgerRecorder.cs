using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Grains.Routing;

namespace OrleansHybrid.Grains.Ledger;

/// <summary>Counts what requests cost, by tenant and row, on their path: interlocked additions, no call and no allocation once a row exists.</summary>
/// <remarks>
/// What is booked where:
/// <list type="bullet">
/// <item>A request that entered the farm here: under the zone that answered it; refused or failed, under this cell's own.</item>
/// <item>A run of the engine here: under the own zone, for whoever caused it, cells below included.</item>
/// <item>Input sent over a link, and the estimate of what is booked above: under the zone it went to. A peer silo is no link.</item>
/// </list>
/// A model that the repository does not know is booked as <see cref="LedgerNames.UnknownModel"/>, so that callers cannot make rows.
/// </remarks>
public sealed class LedgerRecorder : IRequestObserver
{
    private readonly HybridGrainsOptions options;
    private readonly IModelRepository repository;
    private readonly PolicyHolder policy;
    private readonly ConcurrentDictionary<string, LedgerAccount> accounts = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim full = new(0);
    private readonly long epoch;
    private int requests, runs;

    public LedgerRecorder(
        HybridGrainsOptions options,
        IModelRepository repository,
        PolicyHolder policy,
        [FromKeyedServices(HybridClock.Key)] TimeProvider clock)
    {
        (this.options, this.repository, this.policy) = (options, repository, policy);
        epoch = clock.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var name in new[] { LedgerNames.Nobody, LedgerNames.Other, Caller.DefaultTenant }) AccountOf(name);
    }

    internal IEnumerable<LedgerAccount> Accounts => accounts.Values;

    public void AttemptEnded(in AttemptReport attempt)
    {
        if (attempt.Target == AttemptTarget.Here)
        {
            if (attempt.Failure is not null) return;
            CounterOf(attempt.Tenant, options.Zone, attempt.Variant).CountRun(attempt.Engine.OwnRun);
            CountTowardsFull(ref runs);
        }
        else if (attempt.Target == AttemptTarget.Upstream && LedgerPrices.WasSent(attempt))
        {
            var counter = CounterOf(attempt.Tenant, attempt.Zone, attempt.Variant);
            var above = LedgerPrices.Of(attempt, counter.Prices) - LedgerPrices.Wan(attempt.InputBytes, counter.Prices);
            counter.CountLink(attempt.InputBytes, above);
        }
    }

    public void RequestEnded(in RequestReport report)
    {
        if (!report.EnteredHere) return;
        var tenant = report.Request.Caller.Tenant;
        if (report.Result.Response?.Provenance is { } from)
        {
            CounterOf(tenant, from.Zone, new VariantKey(from.Model, from.Version, from.Variant)).CountAnswer(Avoided(report, from.Zone));
        }
        else
        {
            CounterOf(tenant, options.Zone, new VariantKey(report.Request.Model, report.Plan.Version, "")).CountFailure();
        }

        CountTowardsFull(ref requests);
    }

    /// <summary>Returns when so much was counted that a batch should go before its time.</summary>
    internal Task FullAsync(CancellationToken cancellationToken) => full.WaitAsync(cancellationToken);

    /// <summary>A batch is being closed: counting towards the next one begins.</summary>
    internal void Restart()
    {
        Volatile.Write(ref requests, 0);
        Volatile.Write(ref runs, 0);
    }

    /// <summary>What no tenant caused, in this cell's own zone.</summary>
    internal LedgerCounter CounterOfNobody(in VariantKey variant) => CounterIn(LedgerNames.Nobody, options.Zone, variant);

    private LedgerCounter CounterOf(string tenant, Zone zone, in VariantKey variant) => CounterIn(LedgerNames.OfTenant(tenant), zone, variant);

    private LedgerCounter CounterIn(string account, Zone zone, in VariantKey variant)
    {
        var prices = policy.Current;
        var known = variant.Model == LedgerNames.Nobody || repository.State.Models.ContainsKey(variant.Model);
        var key = known
            ? new LedgerKey(zone, variant.Model, variant.Version, variant.Variant, prices.Revision)
            : new LedgerKey(zone, LedgerNames.UnknownModel, 0, "", prices.Revision);
        return AccountOf(account).Counter(key, prices);
    }

    internal LedgerAccount AccountOf(string name)
    {
        if (accounts.TryGetValue(name, out var account)) return account;
        if (accounts.Count >= Limits.TenantsMax && !LedgerNames.IsReserved(name)) name = LedgerNames.Other;
        return accounts.GetOrAdd(name, static (n, self) => new LedgerAccount(n, self.options.Node, self.epoch), this);
    }

    /// <summary>What the cloud would have cost beyond what the request did cost, both as predicted. A request that could not have gone there avoids nothing.</summary>
    private static long Avoided(in RequestReport report, Zone answered)
    {
        if (answered == Zone.Cloud) return 0;
        var cloud = report.Plan.Verdict(Zone.Cloud).PredictedCostMicrousd;
        return double.IsNaN(cloud) ? 0 : LedgerPrices.Picousd(cloud - report.SpentMicrousd);
    }

    private void CountTowardsFull(ref int counted)
    {
        if (Interlocked.Increment(ref counted) == Limits.LedgerBatchRequestsMax / 2) full.Release();
    }
}
