using System.Text.Json;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Links.Records;

/// <summary>The disk side of a log: one task that writes what memory holds, sweeps what is too old, and keeps trying when the disk fails.</summary>
/// <param name="pending">The records from a number on, oldest first, at most so many.</param>
internal sealed class RecordSaver<T>(RecordLogOptions options, string folder, Func<T, DateTimeOffset> timeOf, TimeProvider clock, Func<long, int, IReadOnlyList<Numbered<T>>> pending) : IAsyncDisposable
    where T : class
{
    private const int BatchMax = 256;
    private readonly RecordStore<T> store = new(options, folder);
    private readonly SemaphoreSlim saving = new(1);
    private readonly SemaphoreSlim wake = new(0);
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private int awake;
    private long from, saved, lost, unreadable;
    private volatile bool opened, failing;

    public RecordLogState State => new(0, Volatile.Read(ref saved), Volatile.Read(ref lost), Volatile.Read(ref unreadable), failing);

    /// <summary>Looks at the folder, starts the task, and returns the last number in it; 0 when there is none, or it cannot be read.</summary>
    public long Open(long start)
    {
        from = start;
        var last = 0L;
        if (Try(() => last = store.Open())) opened = true;
        from = Math.Max(start, last + 1);
        running = Task.WhenAll(Task.Run(SaveLoopAsync), Task.Run(SweepLoopAsync));
        return last;
    }

    /// <summary>Something was written: cheap when the task knows already.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref awake, 1) == 0) wake.Release();
    }

    /// <summary>True when all that is pending was saved.</summary>
    public async Task<bool> SaveAsync(CancellationToken cancellationToken)
    {
        await saving.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return Try(SaveAll);
        }
        finally
        {
            saving.Release();
        }
    }

    /// <summary>Adds what the segments hold below the query's number, newest first.</summary>
    public async Task ReadAsync(RecordQuery<T> query, List<Numbered<T>> found, CancellationToken cancellationToken)
    {
        var below = query.Before ?? long.MaxValue;
        foreach (var segment in Listed())
        {
            if (found.Count >= query.Rows) return;
            if (segment.Number >= below) continue;
            cancellationToken.ThrowIfCancellationRequested();
            if (await BytesAsync(segment, cancellationToken).ConfigureAwait(false) is not { } bytes) continue;
            DateTimeOffset? newest = null;
            foreach (var text in RecordLine<T>.Backwards(bytes))
            {
                if (found.Count >= query.Rows) return;
                if (Parse(text) is not { } line || line.N >= below) continue;
                below = line.N;
                newest ??= line.At;
                if (line.At >= query.Since && (query.Where?.Invoke(line.R) ?? true)) found.Add(new Numbered<T>(line.N, line.R));
            }

            if (newest < query.Since) return;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested) return;
        await stopping.CancelAsync().ConfigureAwait(false);
        // On a thread of its own and with a bound: a disk that hangs must not hold the process.
        await Task.WhenAny(Task.Run(CloseAsync), Task.Delay(Limits.RecordFlushAtStopMax, TimeProvider.System)).ConfigureAwait(false);
    }

    private async Task CloseAsync()
    {
        await running.ConfigureAwait(false);
        await SaveAsync(CancellationToken.None).ConfigureAwait(false);
        store.Dispose();
    }

    private async Task SaveLoopAsync()
    {
        try
        {
            while (true)
            {
                await wake.WaitAsync(stopping.Token).ConfigureAwait(false);
                Volatile.Write(ref awake, 0);
                while (!await SaveAsync(stopping.Token).ConfigureAwait(false)) await Task.Delay(Limits.RecordRetryInterval, clock, stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task SweepLoopAsync()
    {
        using var timer = new PeriodicTimer(Limits.RecordSweepInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token).ConfigureAwait(false)) Wake();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private void SaveAll()
    {
        if (!opened) from = Math.Max(from, store.Open() + 1);
        opened = true;
        for (var batch = pending(from, BatchMax); batch.Count > 0; batch = pending(from, BatchMax)) Save(batch);
        store.Sweep(clock.GetUtcNow());
    }

    private void Save(IReadOnlyList<Numbered<T>> batch)
    {
        // What made room in memory since the last save is gone.
        Interlocked.Add(ref lost, batch[0].Number - from);
        from = batch[0].Number;
        var good = 0;
        foreach (var (number, record) in batch)
        {
            if (Line(number, record) is not { } line) continue;
            store.Append(number, timeOf(record), line);
            good++;
        }

        store.Flush();
        from = batch[^1].Number + 1;
        Interlocked.Add(ref saved, good);
        Interlocked.Add(ref lost, batch.Count - good);
    }

    /// <summary>Null for a record that is too long, or cannot be written as text.</summary>
    private byte[]? Line(long number, T record)
    {
        try
        {
            var line = RecordLine<T>.Write(number, timeOf(record), record);
            return line.Length <= Limits.RecordBytesMax ? line : null;
        }
        catch (Exception unfit) when (unfit is JsonException or ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private RecordLine<T>? Parse(ReadOnlyMemory<byte> text)
    {
        var line = RecordLine<T>.TryRead(text.Span);
        if (line is null) Interlocked.Increment(ref unreadable);
        return line;
    }

    private IEnumerable<RecordSegment> Listed()
    {
        try
        {
            return RecordSegment.List(folder, options.Name).AsEnumerable().Reverse();
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Null for a segment that was dropped meanwhile, or cannot be read.</summary>
    private static async Task<byte[]?> BytesAsync(RecordSegment segment, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, useAsync: true);
            var bytes = new byte[file.Length];
            await file.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
            return bytes;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private bool Try(Action work)
    {
        try
        {
            work();
            if (failing) options.Notice($"The {options.Name} records are written again.");
            failing = false;
            return true;
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            store.Abandon();
            if (!failing) options.Notice($"The {options.Name} records cannot be written to '{folder}': {failed.Message} The newest {options.MemoryMax} stay in memory until they can. Free the disk, or give this user the right to the folder.");
            failing = true;
            return false;
        }
    }
}
