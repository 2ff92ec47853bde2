using OrleansHybrid.Contracts;
using OrleansHybrid.Contracts.Nodes;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Grains.Nodes;

/// <summary>Check-ins of one shard on their way from one silo: one call at a time, with all that came meanwhile.</summary>
internal sealed class CheckInLane(IGrainFactory grains, int shard)
{
    /// <summary>Kept: working out a grain's type anew reads attributes by reflection, which costs a batch more than its call.</summary>
    private readonly IFleetShardGrain grain = grains.GetFleetShard(shard);
    private readonly Lock gate = new();
    private readonly Queue<Waiting> queue = [];
    private bool calling;

    public Task<CheckInOutcome> SendAsync(NodeCheckIn checkIn)
    {
        var one = new Waiting(checkIn, new TaskCompletionSource<CheckInOutcome>(TaskCreationOptions.RunContinuationsAsynchronously));
        bool begin;
        lock (gate)
        {
            queue.Enqueue(one);
            begin = !calling;
            calling = true;
        }

        if (begin) _ = CallAsync();
        return one.Outcome.Task;
    }

    private async Task CallAsync()
    {
        while (Take() is { Length: > 0 } batch)
        {
            try
            {
                var outcomes = await grain.CheckInAsync(Array.ConvertAll(batch, w => w.CheckIn), CancellationToken.None);
                for (var i = 0; i < batch.Length; i++) batch[i].Outcome.TrySetResult(outcomes[i]);
            }
            catch (Exception failed)
            {
                // Every caller of the batch is told; the lane goes on.
                foreach (var one in batch) one.Outcome.TrySetException(failed);
            }
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

    private sealed record Waiting(NodeCheckIn CheckIn, TaskCompletionSource<CheckInOutcome> Outcome);
}
