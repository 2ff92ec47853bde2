using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Grains.Ledger;

/// <summary>Measures, from one reading to the next, how long each loaded variant held its memory without running. One caller at a time.</summary>
internal sealed class LedgerIdleMeter(IInferenceEngine engine, IModelRepository repository, TimeProvider clock)
{
    private readonly Dictionary<VariantKey, (VariantStatistics Of, TimeSpan Busy)> before = [];
    private long readAt = clock.GetTimestamp();

    public IEnumerable<(VariantKey Variant, long MibMs)> Read(bool now)
    {
        var interval = clock.GetElapsedTime(readAt);
        if (interval <= TimeSpan.Zero || (!now && interval < Limits.LedgerIdleInterval)) return [];
        readAt = clock.GetTimestamp();
        var variants = engine.State.Variants.Where(v => v.Value.IsResident).ToDictionary();
        foreach (var gone in before.Keys.Where(k => !variants.ContainsKey(k)).ToArray()) before.Remove(gone);
        return variants.Select(v => (v.Key, Idle(v.Key, v.Value.Statistics, interval))).Where(v => v.Item2 > 0).ToArray();
    }

    /// <summary>A variant that was loaded since the last reading counts from the next one on.</summary>
    private long Idle(VariantKey key, VariantStatistics statistics, TimeSpan interval)
    {
        var busy = BusyOf(statistics);
        var known = before.TryGetValue(key, out var last) && ReferenceEquals(last.Of, statistics);
        before[key] = (statistics, busy);
        return known ? IdleRules.MibMs(MibOf(key), interval, busy - last.Busy) : 0;
    }

    private double MibOf(VariantKey key)
    {
        var manifest = repository.State.Models.GetValueOrDefault(key.Model)?.Find(key.Version)?.Manifest;
        return manifest?.Variants.FirstOrDefault(v => v.Name == key.Variant) is { } variant ? IdleRules.MibOf(variant.MemoryMib, variant.FileBytes) : 0;
    }

    /// <summary>Time of the session's calls, each counted once however many requests it answered.</summary>
    private static TimeSpan BusyOf(VariantStatistics statistics) =>
        TimeSpan.FromMicroseconds(statistics.Batches.Values.Sum(b => b.InputNs + b.ComputeNs + b.OutputNs) / 1000.0);
}
