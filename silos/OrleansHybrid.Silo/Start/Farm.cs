using System.Runtime.InteropServices;
using OrleansHybrid.Silo.Cells;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Store;
using OrleansHybrid.Silo.Trust;

namespace OrleansHybrid.Silo.Start;

/// <summary>All cells of one process: started together, stopped lower cells first.</summary>
internal sealed class Farm(FarmSettings settings, TimeProvider clock)
{
    /// <summary>Starts, shows the table, waits for a signal and drains.</summary>
    public async Task RunAsync(TextWriter output)
    {
        var started = clock.GetTimestamp();
        using var stop = new StopSignal();
        if (await TryStartAsync(stop.Token) is not { } cells) return;
        try
        {
            StartTable.Write(output, cells, ProcessAge(started));
            await stop.Task;
            await StopAsync(cells);
        }
        finally
        {
            foreach (var cell in cells) await cell.DisposeAsync();
        }
    }

    /// <summary>Null when a signal came first: what was begun ends with the process, and the stores stand that.</summary>
    private async Task<IReadOnlyList<CellHost>?> TryStartAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await StartAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>In parallel; the first failure stops the start at once instead of waiting for the others.</summary>
    private async Task<IReadOnlyList<CellHost>> StartAsync(CancellationToken cancellationToken)
    {
        using var failFast = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var starts = Introduced().ToArray().Select(c => Task.Run(() => CellHost.StartAsync(c, new ProcessShare(settings.Cells.Count), clock, failFast.Token))).ToArray();
        try
        {
            await foreach (var start in Task.WhenEach(starts)) await start;
            var cells = await Task.WhenAll(starts);
            await Task.WhenAll(cells.Select(c => c.TryLinkAsync(IsHere(c.Settings.Upstream), clock)));
            return cells;
        }
        catch
        {
            await failFast.CancelAsync();
            throw;
        }
    }

    /// <summary>A cell whose upstream is another cell of this process, and that was given no key for it, gets that cell's link key: the hop is believed, and each request is counted once, where it entered.</summary>
    private IEnumerable<CellSettings> Introduced() =>
        from cell in settings.Cells
        let above = cell.LinkKey is null && IsHere(cell.Upstream) ? settings.Cells.First(c => c.Grpc.Port == cell.Upstream!.Port) : null
        select above is null ? cell : cell with { LinkKey = LinkKeyOf(above) };

    private static string LinkKeyOf(CellSettings above)
    {
        PrivateFolder.Ensure(above.Data);
        return LocalKey.LoadOrMake(above.Data, LocalKey.LinkFile).Secret;
    }

    private bool IsHere(Uri? upstream) => upstream is { IsLoopback: true } && settings.Cells.Any(c => c.Grpc.Port == upstream.Port);

    /// <summary>Cells with an upstream first: what they still escalate must find the cell above serving.</summary>
    private static async Task StopAsync(IReadOnlyList<CellHost> cells)
    {
        foreach (var level in cells.GroupBy(c => c.Settings.Upstream is null).OrderBy(g => g.Key))
        {
            await Task.WhenAll(level.Select(c => c.StopAsync()));
        }
    }

    /// <summary>From the start of the process, so that what a person waited for is what is printed.</summary>
    private TimeSpan ProcessAge(long started)
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        var beforeMain = TimeProvider.System.GetUtcNow() - process.StartTime.ToUniversalTime() - clock.GetElapsedTime(started);
        return clock.GetElapsedTime(started) + (beforeMain > TimeSpan.Zero ? beforeMain : TimeSpan.Zero);
    }
}

/// <summary>Ctrl-C and SIGTERM ask for a drain. A second one ends the process at once, as people expect.</summary>
internal sealed class StopSignal : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] registrations;

    public StopSignal() =>
        registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal)];

    public CancellationToken Token => stop.Token;

    public Task Task => asked.Task;

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        stop.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = asked.TrySetResult();
        if (context.Cancel) stop.Cancel();
    }
}
