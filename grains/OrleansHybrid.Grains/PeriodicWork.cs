using Microsoft.Extensions.Logging;

namespace OrleansHybrid.Grains;

/// <summary>Calls one piece of work at an interval, never twice at once. Work that throws is logged and called again at the next tick.</summary>
/// <remarks>A stop does not wait for work under way: it may wait for a grain whose storage hangs.</remarks>
internal sealed partial class PeriodicWork(string name, TimeSpan interval, Func<CancellationToken, Task> work, TimeProvider clock, ILogger log)
{
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;

    public void Start() => running = Task.Run(RunAsync);

    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await running;
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(interval, clock);
        try
        {
            do await RunOnceAsync();
            while (await timer.WaitForNextTickAsync(stopping.Token));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task RunOnceAsync()
    {
        try
        {
            await work(stopping.Token).WaitAsync(stopping.Token);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            LogFailed(log, e, name, interval);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Work} failed and is tried again in {Interval}.")]
    private static partial void LogFailed(ILogger log, Exception e, string work, TimeSpan interval);
}
