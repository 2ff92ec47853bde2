namespace OrleansHybrid.Domain.Models;

/// <summary>Running totals of one variant since it was loaded, in the figures of Triton's statistics extension. Counters only grow; readers may see them a request apart.</summary>
public sealed class VariantStatistics
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<int, BatchStatistics> batches = new();
    private long successes, failures, rejected, cancelled, executions, rows;
    private long successNs, failureNs, queueNs, inputNs, computeNs, outputNs, lastUnixMs;
    private int waiting, running;

    public long Successes => Volatile.Read(ref successes);
    public long Failures => Volatile.Read(ref failures);

    /// <summary>Refused because the queue was full.</summary>
    public long Rejected => Volatile.Read(ref rejected);

    /// <summary>Given up by the caller or by the deadline.</summary>
    public long Cancelled => Volatile.Read(ref cancelled);

    /// <summary>Calls of the session; fewer than <see cref="Rows"/> when batching works.</summary>
    public long Executions => Volatile.Read(ref executions);

    /// <summary>Rows answered. Triton's inference count.</summary>
    public long Rows => Volatile.Read(ref rows);
    public TimeSpan SuccessTime => FromNs(ref successNs);
    public TimeSpan FailureTime => FromNs(ref failureNs);
    public TimeSpan QueueTime => FromNs(ref queueNs);
    public TimeSpan ComputeInputTime => FromNs(ref inputNs);
    public TimeSpan ComputeTime => FromNs(ref computeNs);
    public TimeSpan ComputeOutputTime => FromNs(ref outputNs);

    /// <summary>Unix time of the last answer, milliseconds; 0 when there was none.</summary>
    public long LastInferenceUnixMs => Volatile.Read(ref lastUnixMs);

    /// <summary>Requests in the queue now.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>Sessions in a run now.</summary>
    public int Running => Volatile.Read(ref running);

    /// <summary>Totals per batch size.</summary>
    public IReadOnlyDictionary<int, BatchStatistics> Batches => batches;

    public void AddWaiting(int change) => Interlocked.Add(ref waiting, change);

    public void AddRunning(int change) => Interlocked.Add(ref running, change);

    public void RecordRejected() => Interlocked.Increment(ref rejected);

    public void RecordCancelled() => Interlocked.Increment(ref cancelled);

    /// <summary>One request's end, with the time from its arrival at the engine.</summary>
    public void RecordRequest(bool success, int requestRows, TimeSpan total, in EngineTimes times, DateTimeOffset at)
    {
        if (!success)
        {
            Interlocked.Increment(ref failures);
            Interlocked.Add(ref failureNs, Ns(total));
            return;
        }

        Interlocked.Increment(ref successes);
        Interlocked.Add(ref rows, requestRows);
        Interlocked.Add(ref successNs, Ns(total));
        Interlocked.Add(ref queueNs, Ns(times.Queue));
        Interlocked.Add(ref inputNs, Ns(times.ComputeInput));
        Interlocked.Add(ref computeNs, Ns(times.Compute));
        Interlocked.Add(ref outputNs, Ns(times.ComputeOutput));
        Volatile.Write(ref lastUnixMs, at.ToUnixTimeMilliseconds());
    }

    /// <summary>One call of the session.</summary>
    public void RecordExecution(int batchRows, in EngineTimes times)
    {
        Interlocked.Increment(ref executions);
        batches.GetOrAdd(batchRows, static _ => new BatchStatistics()).Add(Ns(times.ComputeInput), Ns(times.Compute), Ns(times.ComputeOutput));
    }

    private static long Ns(TimeSpan time) => (long)(time.TotalMicroseconds * 1000);

    private static TimeSpan FromNs(ref long ns) => TimeSpan.FromMicroseconds(Volatile.Read(ref ns) / 1000.0);
}

/// <summary>Executions of one batch size, times in nanoseconds.</summary>
public sealed class BatchStatistics
{
    private long count, inputNs, computeNs, outputNs;

    public long Count => Volatile.Read(ref count);
    public long InputNs => Volatile.Read(ref inputNs);
    public long ComputeNs => Volatile.Read(ref computeNs);
    public long OutputNs => Volatile.Read(ref outputNs);

    internal void Add(long input, long compute, long output)
    {
        Interlocked.Increment(ref count);
        Interlocked.Add(ref inputNs, input);
        Interlocked.Add(ref computeNs, compute);
        Interlocked.Add(ref outputNs, output);
    }
}
