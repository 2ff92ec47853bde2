using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Grains.Nodes;

/// <summary>This silo's way to the shards: check-ins that come while a call to their shard is out go with the next one, so that the number of calls does not grow with the number of nodes.</summary>
/// <remarks>
/// No check-in waits for a timer: an idle shard is called at once. What a shard has not seen goes to the node's twin, which is durable, and then to the
/// shard. What waits is bounded; above the bound the caller is told to come again.
/// </remarks>
public sealed class CheckInBatcher(IGrainFactory grains)
{
    private readonly CheckInLane[] lanes = [.. Enumerable.Range(0, Limits.FleetShards).Select(s => new CheckInLane(grains, s))];
    private int waiting;

    /// <summary>The outcome, or a failure: too many check-ins wait here.</summary>
    public async Task<(CheckInOutcome? Outcome, InferenceFailure? Failure)> CheckInAsync(NodeCheckIn checkIn, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref waiting) > Limits.CheckInQueueMax) return (null, Overloaded());
            return (await JudgeAsync(checkIn, cancellationToken), null);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    private async Task<CheckInOutcome> JudgeAsync(NodeCheckIn checkIn, CancellationToken cancellationToken)
    {
        var lane = lanes[FleetSharding.ShardOf(checkIn.Key)];
        var seen = await lane.SendAsync(checkIn);
        if (seen.Verdict != CheckInVerdict.TwinWanted) return seen;
        var judged = await grains.GetNode(checkIn.Key).CheckInAsync(checkIn, seen.Silence, cancellationToken);
        if (judged.Verdict != CheckInVerdict.Accepted) return judged with { Next = seen.Next };
        var taken = await lane.SendAsync(checkIn with { Judged = true, Labels = judged.Labels });
        return taken with { Restored = judged.Restored };
    }

    private static InferenceFailure Overloaded() =>
        new(FailureCode.Overloaded, $"{Limits.CheckInQueueMax} check-ins wait on this silo already. Call again in {Limits.CheckInRetryAfter.TotalSeconds:0} s.", Limits.CheckInRetryAfter);
}
