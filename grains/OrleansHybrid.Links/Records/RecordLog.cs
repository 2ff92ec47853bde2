using OrleansHybrid.Domain;

namespace OrleansHybrid.Links.Records;

/// <summary>The records of one kind: the newest in memory, the rest on disk in segments, both bounded. Safe for any thread.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item><see cref="Write"/> is on a request's path: it takes a place in memory and returns. The disk is written by one task of the log.</item>
/// <item>What is not on disk yet is what the newest places of memory hold, so a disk that fails loses nothing until they are used up; then the oldest are lost, and counted.</item>
/// <item>A full disk, or a folder that cannot be written, is told of once, shows as <see cref="RecordLogState.Failing"/>, and is tried again; nothing else stops.</item>
/// <item>Numbers grow over restarts. A record that was written twice, since its first write failed half-way, is read once.</item>
/// </list>
/// </remarks>
public sealed class RecordLog<T> : IAsyncDisposable where T : class
{
    private readonly RecordLogOptions options;
    private readonly Func<T, DateTimeOffset> timeOf;
    private readonly TimeProvider clock;
    private readonly Lock gate = new();
    private readonly Numbered<T>[] ring;
    private readonly RecordSaver<T>? saver;
    private readonly long first;
    private long next;

    /// <param name="timeOf">When a record was made.</param>
    public RecordLog(RecordLogOptions options, Func<T, DateTimeOffset> timeOf, TimeProvider clock)
    {
        (this.options, this.timeOf, this.clock) = (options, timeOf, clock);
        ring = new Numbered<T>[Math.Max(options.MemoryMax, 1)];
        // By the clock, so that numbers grow also where the folder could not be read; a clock that went back is made up for by what is on disk.
        first = next = clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        if (options.Folder is not { } folder) return;
        saver = new RecordSaver<T>(options, folder, timeOf, clock, Pending);
        first = next = Math.Max(first, saver.Open(first) + 1);
    }

    public RecordLogState State
    {
        get
        {
            var saved = saver?.State ?? default;
            return saved with { Written = Volatile.Read(ref next) - first };
        }
    }

    /// <summary>Never blocks and never throws.</summary>
    public void Write(T record)
    {
        lock (gate)
        {
            ring[next % ring.Length] = new Numbered<T>(next, record);
            Volatile.Write(ref next, next + 1);
        }

        saver?.Wake();
    }

    /// <summary>What memory holds, newest first: the newest records, or all of them where there is no folder.</summary>
    public IReadOnlyList<Numbered<T>> Recent()
    {
        lock (gate)
        {
            var copy = new Numbered<T>[Math.Min(next - first, ring.Length)];
            for (var i = 0; i < copy.Length; i++) copy[i] = ring[(next - 1 - i) % ring.Length];
            return copy;
        }
    }

    /// <summary>Newest first, from memory and then from disk.</summary>
    public async Task<IReadOnlyList<Numbered<T>>> ReadAsync(RecordQuery<T> query, CancellationToken cancellationToken)
    {
        var found = new List<Numbered<T>>();
        var oldest = clock.GetUtcNow() - options.AgeMax;
        var since = query.Since > oldest ? query.Since.Value : oldest;
        var below = query.Before ?? long.MaxValue;
        foreach (var (number, record) in Recent())
        {
            if (found.Count >= query.Rows) return found;
            if (number >= below) continue;
            below = number;
            if (timeOf(record) >= since && (query.Where?.Invoke(record) ?? true)) found.Add(new Numbered<T>(number, record));
        }

        if (saver is not null) await saver.ReadAsync(query with { Since = since, Before = below }, found, cancellationToken).ConfigureAwait(false);
        return found;
    }

    /// <summary>Tries to write all that was handed over before. True when nothing is left.</summary>
    public Task<bool> FlushAsync(CancellationToken cancellationToken) => saver?.SaveAsync(cancellationToken) ?? Task.FromResult(true);

    /// <summary>Writes what is left, within <see cref="Limits.RecordFlushAtStopMax"/>, and closes the files.</summary>
    public ValueTask DisposeAsync() => saver?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>The records from a number on, oldest first, as far as memory still holds them.</summary>
    private IReadOnlyList<Numbered<T>> Pending(long from, int most)
    {
        lock (gate)
        {
            from = Math.Max(from, Math.Max(first, next - ring.Length));
            var copy = new Numbered<T>[Math.Clamp(next - from, 0, most)];
            for (var i = 0; i < copy.Length; i++) copy[i] = ring[(from + i) % ring.Length];
            return copy;
        }
    }
}
