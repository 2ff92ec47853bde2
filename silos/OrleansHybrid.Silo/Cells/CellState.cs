namespace OrleansHybrid.Silo.Cells;

/// <summary>Whether the cell takes requests: from the end of its start, until it drains.</summary>
internal sealed class CellState
{
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool started;
    private volatile bool draining;

    public bool Ready => started && !draining;

    public bool Draining => draining;

    public void Started() => started = true;

    public void StartDraining() => draining = true;

    /// <summary>Done when no request is in flight any more.</summary>
    public Task Drained => drained.Task;

    public void EndDraining() => drained.TrySetResult();
}

/// <summary>Hosted services stop in the reverse order of their start: this one stands between the silo and the server, so its turn comes when the last request was answered.</summary>
internal sealed class DrainEnd(CellState state) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        state.EndDraining();
        return Task.CompletedTask;
    }
}
