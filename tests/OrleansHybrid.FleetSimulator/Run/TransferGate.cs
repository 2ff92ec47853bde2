namespace OrleansHybrid.FleetSimulator.Run;

/// <summary>Whether nodes may fetch files now: the fetch window of all links of a fleet, opened and shut by hand.</summary>
public sealed class TransferGate
{
    private TaskCompletionSource open = Opened();

    public bool IsOpen => Volatile.Read(ref open).Task.IsCompleted;

    public void Shut()
    {
        if (IsOpen) Volatile.Write(ref open, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    public void Open() => Volatile.Read(ref open).TrySetResult();

    internal Task WhenOpenAsync(CancellationToken cancellationToken) => Volatile.Read(ref open).Task.WaitAsync(cancellationToken);

    private static TaskCompletionSource Opened()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }
}
