using OrleansHybrid.Contracts;
using OrleansHybrid.Contracts.Nodes;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Grains.Nodes;

/// <summary>Check-ins of one shard on their way from one silo: one call at a time, with all that came meanwhile. An idle lane's call begins as soon as a thread is free, so that what came in one burst goes in one call.</summary>
internal sealed class CheckInLane(IGrainFactory grains, int shard)
{
    /// <summary>Kept: working out a grain's type anew reads attributes by reflection, which costs a batch more than its call.</summary>
    private readonly IFleetShardGrain grain = grains.GetFleetShard(shard);
    private readonly Lock gate = new();
    private readonly Queue<Waiting> queue = [];
    private bool calling;

    /// <summary>Waits for the batch whatever becomes of the caller: it is bounded by the silo's time for a call, and its answer is of use to nobody else.</summary>
    public Task<CheckInOutcome> SendAsync(NodeCheckIn checkIn)
    {
        var one = new Waiting(checkIn);
        bool begin;
        lock (gate)
        {
            queue.Enqueue(one);
            begin = !calling;
            calling = true;
        }

        // Behind the work that waits already: under load that are more check-ins, and they go along.
        if (begin) ThreadPool.UnsafeQueueUserWorkItem(static lane => _ = lane.CallAsync(), this, preferLocal: false);
        return one.Task;
    }

    private async Task CallAsync()
    {
        while (Take() is { Length: > 0 } batch)
        {
            var answers = new Answers(batch);
            try
            {
                answers.Outcomes = await grain.CheckInAsync(Array.ConvertAll(batch, w => w.CheckIn), CancellationToken.None);
            }
            catch (Exception failed)
            {
                // Every caller of the batch is told; the lane goes on.
                answers.Failed = failed;
            }

            ThreadPool.UnsafeQueueUserWorkItem(answers, preferLocal: true);
        }
    }

    /// <summary>The next batch; empty when nothing waits, and then the lane is idle.</summary>
    private Waiting[] Take()
    {
        lock (gate)
        {
            var batch = new Waiting[Math.Min(queue.Count, Limits.CheckInBatchMax)];
            for (var i = 0; i < batch.Length; i++) batch[i] = queue.Dequeue();
            calling = batch.Length > 0;
            return batch;
        }
    }

    /// <remarks>Who waits goes on where it is completed: that is <see cref="Answers"/>, on a thread that has nothing else to do.</remarks>
    private sealed class Waiting(NodeCheckIn checkIn) : TaskCompletionSource<CheckInOutcome>
    {
        public NodeCheckIn CheckIn => checkIn;
    }

    /// <summary>Tells the callers of one batch one after the other, while the lane makes its next call: one hop to another thread for all of them.</summary>
    private sealed class Answers(Waiting[] batch) : IThreadPoolWorkItem
    {
        public IReadOnlyList<CheckInOutcome> Outcomes { get; set; } = [];

        public Exception? Failed { get; set; }

        public void Execute()
        {
            for (var i = 0; i < batch.Length; i++)
            {
                if (Failed is not null) batch[i].TrySetException(Failed);
                else batch[i].TrySetResult(Outcomes[i]);
            }
        }
    }
}
