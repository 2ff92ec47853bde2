using OrleansHybrid.Inference.Repository;

namespace OrleansHybrid.Silo.Cells;

/// <summary>Loads every model while the silo joins its cluster, and keeps the ports closed until both are done: registered after the silo, so that neither waits for the other. A broken model is told and stops nothing.</summary>
internal sealed partial class ModelStart(ModelRepository repository, ILogger<ModelStart> log) : IHostedLifecycleService
{
    private Task<RepositorySummary>? loading;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        loading = Task.Run(() => repository.LoadAllAsync(cancellationToken), cancellationToken);
        return Task.CompletedTask;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var summary = await loading!;
        foreach (var broken in summary.Broken) LogBroken(log, broken.Model, broken.Reason);
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "Model {Model} is not served: {Reason}")]
    private static partial void LogBroken(ILogger log, string model, string reason);
}
