using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Privacy;

namespace OrleansHybrid.Links.Privacy;

/// <summary>The last egress records of one silo, in memory. When full, the oldest makes room; <see cref="Written"/> tells how many there ever were.</summary>
public sealed class EgressLog(int capacity = Limits.EgressRecordsMax) : IEgressLog
{
    private readonly EgressRecord[] ring = new EgressRecord[Math.Max(capacity, 1)];
    private readonly Lock gate = new();
    private long written;

    /// <summary>All records since the start, those dropped included.</summary>
    public long Written => Volatile.Read(ref written);

    public void Write(EgressRecord record)
    {
        lock (gate)
        {
            ring[written % ring.Length] = record;
            Volatile.Write(ref written, written + 1);
        }
    }

    /// <summary>Newest first.</summary>
    /// <param name="since">Records at or after this moment; null: all that are kept.</param>
    /// <param name="filter">Null: every record.</param>
    /// <param name="take">At most this many.</param>
    public IReadOnlyList<EgressRecord> Read(DateTimeOffset? since = null, Func<EgressRecord, bool>? filter = null, int take = int.MaxValue)
    {
        var found = new List<EgressRecord>();
        foreach (var record in Snapshot())
        {
            if (found.Count >= take) break;
            if (record.At >= (since ?? DateTimeOffset.MinValue) && (filter?.Invoke(record) ?? true)) found.Add(record);
        }

        return found;
    }

    private EgressRecord[] Snapshot()
    {
        lock (gate)
        {
            var copy = new EgressRecord[Math.Min(written, ring.Length)];
            for (var i = 0; i < copy.Length; i++) copy[i] = ring[(written - 1 - i) % ring.Length];
            return copy;
        }
    }
}
