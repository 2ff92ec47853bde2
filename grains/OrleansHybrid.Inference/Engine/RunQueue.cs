using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Engine;

/// <summary>The bounded queue of one variant: callers add, the variant's threads take batches.</summary>
/// <remarks>
/// Rules kept here: the lowest level goes first, within a level the oldest; nothing waits in it after it was answered; a request that was taken knows its slot before any caller can
/// give it up. The hand-over is meant to be cheap: under load no thread sleeps and the cost is one lock; when idle one thread looks for work for a few microseconds before it sleeps,
/// and the thread that slept last is woken first.
/// </remarks>
internal sealed class RunQueue(BatchRules rules, int capacity, TimeSpan idleSpin, TimeProvider clock)
{
    /// <summary>The platform's sleeps are whole milliseconds: a shorter wait yields instead.</summary>
    private static readonly TimeSpan ShortestSleep = TimeSpan.FromMilliseconds(1);

    /// <summary>A batch that waits for company is looked at this often, in case the clock moved otherwise.</summary>
    private static readonly TimeSpan LongestLook = TimeSpan.FromMilliseconds(10);

    private readonly Lock gate = new();
    private readonly RunList[] levels = [.. Enumerable.Range(0, Limits.PriorityLevels).Select(_ => new RunList())];
    private readonly List<RunSlot> parked = [];
    private readonly IdleSpin spin = new(idleSpin);
    private int count;
    private int changes;
    private int searching;
    private bool closed;

    public VariantStatistics Statistics { get; set; } = new();

    public int Waiting => Volatile.Read(ref count);

    /// <summary>Nothing to do, and more may come.</summary>
    public bool IsIdle => Volatile.Read(ref count) == 0 && !Volatile.Read(ref closed);

    /// <summary>Grows with every request that is added.</summary>
    public int Changes => Volatile.Read(ref changes);

    public EnqueueResult Add(PendingRun run)
    {
        RunSlot? toWake;
        lock (gate)
        {
            if (closed) return EnqueueResult.Closed;
            if (run.IsAnswered) return EnqueueResult.Answered;
            if (count >= capacity) return EnqueueResult.Full;
            levels[run.Level].Add(run);
            Count(+1);
            toWake = count > searching ? PopParked() : null;
        }

        toWake?.Wake();
        return EnqueueResult.Queued;
    }

    /// <summary>Takes a request out again. False when a thread has it already, or it never was in.</summary>
    public bool Remove(PendingRun run)
    {
        lock (gate)
        {
            if (!run.Queued) return false;
            Unlink(run);
            return true;
        }
    }

    /// <summary>Waits for work and takes it. False when the queue is closed and empty: the thread may end.</summary>
    public bool Take(RunSlot slot, List<PendingRun> batch)
    {
        var searched = false;
        while (true)
        {
            TimeSpan wait;
            int seen;
            lock (gate)
            {
                batch.Clear();
                if (TryForm(slot, batch, out wait)) return true;
                if (closed) return false;
                seen = changes;
                searched = searched || count > 0 || searching > 0 || !spin.IsOn;
                if (searched) parked.Add(slot);
                else searching++;
            }

            if (searched) Sleep(slot, wait, seen);
            else Search();
            searched = !searched;
        }
    }

    /// <summary>Takes nothing more; what waits is still run. With <paramref name="discard"/> it is handed back instead, to be given up.</summary>
    public IReadOnlyList<PendingRun> Close(bool discard = false)
    {
        List<PendingRun> left = [];
        lock (gate)
        {
            closed = true;
            changes++;
            for (var run = Head(); discard && run is not null; run = Head())
            {
                Unlink(run);
                left.Add(run);
            }

            while (PopParked() is { } slot) slot.Wake();
        }

        return left;
    }

    private bool TryForm(RunSlot slot, List<PendingRun> batch, out TimeSpan wait)
    {
        wait = Timeout.InfiniteTimeSpan;
        if (Head() is not { } head) return false;
        batch.Add(head);
        if (rules.Together && head.MayJoin && !TryGather(head, batch, out wait)) return false;
        foreach (var run in batch)
        {
            Unlink(run);
            run.Slot = slot;
        }

        // What is left may be more than this thread's: pass the word on.
        if (count > searching) PopParked()?.Wake();
        return true;
    }

    /// <summary>Adds what may run with <paramref name="head"/>. False when it is worth waiting for more, and for how long.</summary>
    private bool TryGather(PendingRun head, List<PendingRun> batch, out TimeSpan wait)
    {
        var rows = head.Rows;
        var best = rules.IsPreferred(rows) ? 1 : 0;
        var oldest = head.ArrivedAt;
        foreach (var level in levels)
        {
            for (var run = level.First; run is not null && rows < rules.RowsMax; run = run.Next)
            {
                if (run == head || !run.MayJoin || rows + run.Rows > rules.RowsMax || !rules.Match(head, run)) continue;
                batch.Add(run);
                rows += run.Rows;
                oldest = Math.Min(oldest, run.ArrivedAt);
                if (rules.IsPreferred(rows)) best = batch.Count;
            }
        }

        wait = rules.Delay - clock.GetElapsedTime(oldest);
        if (closed || wait <= TimeSpan.Zero) return true;
        if (best == 0) return false;
        batch.RemoveRange(best, batch.Count - best);
        return true;
    }

    private void Sleep(RunSlot slot, TimeSpan wait, int seen)
    {
        if (wait < TimeSpan.Zero) slot.Park(Timeout.Infinite);
        else if (wait >= ShortestSleep) slot.Park((int)TimeSpan.FromTicks(Math.Min(wait.Ticks, LongestLook.Ticks)).TotalMilliseconds);
        else spin.Until(wait, clock, this, seen);
        lock (gate) parked.Remove(slot);
    }

    private void Search()
    {
        spin.WhileIdle(this);
        lock (gate) searching--;
    }

    private PendingRun? Head()
    {
        foreach (var level in levels)
        {
            if (level.First is not null) return level.First;
        }

        return null;
    }

    private void Unlink(PendingRun run)
    {
        levels[run.Level].Remove(run);
        Count(-1);
    }

    private void Count(int change)
    {
        count += change;
        if (change > 0) changes++;
        Statistics.AddWaiting(change);
    }

    private RunSlot? PopParked()
    {
        if (parked.Count == 0) return null;
        var slot = parked[^1];
        parked.RemoveAt(parked.Count - 1);
        return slot;
    }
}

/// <summary>How adding to a queue ended.</summary>
internal enum EnqueueResult
{
    Queued,
    Full,
    Closed,

    /// <summary>Its deadline or caller was faster.</summary>
    Answered,
}
