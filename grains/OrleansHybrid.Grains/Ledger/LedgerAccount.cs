using System.Collections.Concurrent;
using OrleansHybrid.Contracts.Ledger;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Grains.Ledger;

/// <summary>One tenant's way from this silo to its grain: counters that requests add to, and at most one batch under way, sent unchanged until it is answered.</summary>
/// <remarks>Everything but <see cref="Counter"/> is called by one flush at a time.</remarks>
internal sealed class LedgerAccount(string tenant, string silo, long epoch)
{
    private readonly ConcurrentDictionary<LedgerKey, LedgerCounter> counters = new();
    private readonly List<(LedgerKey Key, LedgerCounter Counter)> retired = [];
    private LedgerBatch? pending;
    private long epoch = epoch;
    private long sequence;

    public string Tenant => tenant;

    /// <summary>When the directory last answered for it; null: not yet.</summary>
    public DateTimeOffset? AskedAt { get; set; }

    /// <summary>The directory had no place: its figures go to <see cref="LedgerNames.Other"/>.</summary>
    public bool Refused { get; set; }

    /// <summary>Nothing is under way, so what was counted can be closed into a batch.</summary>
    public bool CanClose => pending is null;

    public LedgerCounter Counter(in LedgerKey key, CompiledPolicy policy) =>
        counters.TryGetValue(key, out var counter) ? counter : Create(key, policy);

    /// <summary>Takes what was counted. Counters of an older revision go once they are empty; a request that still holds one is heard a round later.</summary>
    public List<LedgerEntry> Drain(long revision)
    {
        var entries = new List<LedgerEntry>();
        foreach (var (key, counter) in retired) Take(key, counter, entries);
        retired.Clear();
        foreach (var (key, counter) in counters)
        {
            if (!Take(key, counter, entries) && key.Revision != revision && counters.TryRemove(key, out _)) retired.Add((key, counter));
        }

        return entries;
    }

    public void Close(IReadOnlyList<LedgerEntry> entries, DateTimeOffset now)
    {
        if (entries.Count > 0) pending = new LedgerBatch(silo, epoch, ++sequence, now, entries);
    }

    public async Task SendAsync(ILedgerGrain grain, CancellationToken cancellationToken)
    {
        while (pending is { } batch)
        {
            var receipt = await grain.AddAsync(batch, cancellationToken);
            pending = receipt.Epoch > batch.Epoch ? Renumber(batch, receipt.Epoch) : null;
        }
    }

    private static bool Take(LedgerKey key, LedgerCounter counter, List<LedgerEntry> entries)
    {
        var figures = counter.Drain();
        if (figures == default) return false;
        entries.Add(new LedgerEntry(key, figures));
        return true;
    }

    private LedgerCounter Create(LedgerKey key, CompiledPolicy policy)
    {
        if (counters.Count >= Limits.LedgerCountersPerTenantMax) key = key with { Model = LedgerNames.Other, Version = 0, Variant = "" };
        return counters.GetOrAdd(key, static (k, p) => new LedgerCounter(p.PricesIn(k.Zone)), policy);
    }

    /// <summary>The grain knows a later start of this silo: the clock went back between two starts. This batch was not booked; the numbering goes on above.</summary>
    private LedgerBatch Renumber(LedgerBatch batch, long known)
    {
        epoch = known + 1;
        return batch with { Epoch = epoch };
    }
}
