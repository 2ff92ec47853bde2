using OrleansHybrid.Domain;
using OrleansHybrid.Inference.Engine;

namespace OrleansHybrid.Inference.Text;

/// <summary>Where the requests of one variant wait for their texts to be tokenised: on the thread pool, at most <see cref="Limits.TokenisedAtOnceMax"/> at a time, first come first served. Never on the caller's thread, which may be a grain's.</summary>
/// <param name="prepare">Tokenises one request and hands it on; must not throw.</param>
/// <param name="waitingAfter">Requests that wait behind this queue: both together have the variant's bound, which the other enforces for what is being tokenised.</param>
internal sealed class TextQueue(Action<PendingRun> prepare, Func<int> waitingAfter, int capacity) : IThreadPoolWorkItem
{
    private readonly Lock gate = new();
    private readonly Queue<PendingRun> waiting = new();
    private int working;
    private bool closed;
    private Action? whenEmpty;

    public EnqueueResult Add(PendingRun run)
    {
        lock (gate)
        {
            if (closed) return EnqueueResult.Closed;
            if (waiting.Count + waitingAfter() >= capacity) return EnqueueResult.Full;
            waiting.Enqueue(run);
            if (working == Limits.TokenisedAtOnceMax) return EnqueueResult.Queued;
            working++;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return EnqueueResult.Queued;
    }

    /// <summary>Takes nothing more. What is in it is still handed on; <paramref name="then"/> runs after the last.</summary>
    public void Close(Action then)
    {
        lock (gate)
        {
            closed = true;
            if (working > 0)
            {
                whenEmpty = then;
                return;
            }
        }

        then();
    }

    /// <summary>Requests that were not begun yet, to be given up when the engine stops. They stay in the queue, whose workers find them answered.</summary>
    public PendingRun[] Waiting()
    {
        lock (gate) return [.. waiting];
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (true)
        {
            PendingRun? run;
            Action? last = null;
            lock (gate)
            {
                if (!waiting.TryDequeue(out run) && --working == 0) (last, whenEmpty) = (whenEmpty, null);
            }

            if (run is null)
            {
                last?.Invoke();
                return;
            }

            prepare(run);
        }
    }
}
