namespace OrleansHybrid.Inference.Engine;

/// <summary>The requests of one priority level, oldest first. Linked through the requests themselves, so that leaving early costs nothing.</summary>
internal sealed class RunList
{
    public PendingRun? First { get; private set; }

    private PendingRun? last;

    public void Add(PendingRun run)
    {
        run.Previous = last;
        run.Next = null;
        if (last is null) First = run;
        else last.Next = run;
        last = run;
        run.Queued = true;
    }

    public void Remove(PendingRun run)
    {
        if (run.Previous is null) First = run.Next;
        else run.Previous.Next = run.Next;
        if (run.Next is null) last = run.Previous;
        else run.Next.Previous = run.Previous;
        run.Next = run.Previous = null;
        run.Queued = false;
    }
}
