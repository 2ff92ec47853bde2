using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Links.Records;

namespace OrleansHybrid.Links.Privacy;

/// <summary>The egress records of one silo or device: the newest in memory and, with a folder, all that size and age allow on disk, over restarts.</summary>
public sealed class EgressLog : IEgressLog, IAsyncDisposable
{
    private readonly RecordLog<EgressRecord> log;

    /// <summary>In memory alone: when full, the oldest makes room.</summary>
    public EgressLog(int capacity = Limits.EgressRecordsMax) => log = new RecordLog<EgressRecord>(Options(null, capacity, null), static r => r.At, TimeProvider.System);

    /// <param name="folder">Made when missing, for this user alone.</param>
    /// <param name="notice">Told once when records cannot be written to disk, and once when they can again.</param>
    public EgressLog(string folder, TimeProvider clock, Action<string>? notice = null) =>
        log = new RecordLog<EgressRecord>(Options(folder, Limits.EgressRecordsMax, notice), static r => r.At, clock);

    /// <summary>All records since the start, those dropped included.</summary>
    public long Written => log.State.Written;

    public RecordLogState State => log.State;

    public void Write(EgressRecord record) => log.Write(record);

    /// <summary>From memory alone, newest first.</summary>
    /// <param name="since">Records at or after this moment; null: all that are kept.</param>
    /// <param name="filter">Null: every record.</param>
    /// <param name="take">At most this many.</param>
    public IReadOnlyList<EgressRecord> Read(DateTimeOffset? since = null, Func<EgressRecord, bool>? filter = null, int take = int.MaxValue) =>
        [.. log.Recent().Select(r => r.Record).Where(r => r.At >= (since ?? DateTimeOffset.MinValue) && (filter?.Invoke(r) ?? true)).Take(take)];

    /// <summary>From memory and disk, newest first.</summary>
    public Task<IReadOnlyList<Numbered<EgressRecord>>> ReadAsync(RecordQuery<EgressRecord> query, CancellationToken cancellationToken) => log.ReadAsync(query, cancellationToken);

    /// <summary>True when every record so far is on disk.</summary>
    public Task<bool> FlushAsync(CancellationToken cancellationToken) => log.FlushAsync(cancellationToken);

    public ValueTask DisposeAsync() => log.DisposeAsync();

    private static RecordLogOptions Options(string? folder, int capacity, Action<string>? notice) =>
        new("egress", folder, capacity, Limits.EgressBytesMax, Limits.EgressAgeMax) { Notice = notice ?? (static _ => { }) };
}
