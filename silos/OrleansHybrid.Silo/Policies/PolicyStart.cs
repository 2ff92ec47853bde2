using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Grains;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Start;

namespace OrleansHybrid.Silo.Policies;

/// <summary>Brings the policy into force before the ports open, and follows the cell and the file from then on.</summary>
/// <remarks>
/// Registered after the silo, so that the cell's grains can be asked, and before the server. The copy on disk is in force before the silo joins. A cell
/// that was told of a policy and has none it can read refuses to start: without its ceilings it would be a leak.
/// </remarks>
internal sealed partial class PolicyStart(
    CellSettings cell,
    PolicyKeeper keeper,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock,
    ILogger<PolicyStart> log) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly PolicyFile? file = cell.Policy is { } path ? new PolicyFile(path) : null;
    private Task running = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        keeper.ApplyCopy();
        return Task.CompletedTask;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await AskStoreAsync(cancellationToken);
        if (file is not null) await ReadFileAsync(file, cancellationToken);
        running = Task.WhenAll(EveryAsync(Limits.PolicyPollInterval, keeper.FollowAsync), file is null ? Task.CompletedTask : EveryAsync(Limits.PolicyFilePollInterval, WatchAsync));
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        await running;
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private async Task AskStoreAsync(CancellationToken cancellationToken)
    {
        try
        {
            await keeper.FollowAsync(cancellationToken).WaitAsync(Limits.PolicyStartMax, TimeProvider.System, cancellationToken);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            if (keeper.Document is null) throw new StartFailure($"--store: cell '{cell.Cell}' cannot read its policy from its store ({failed.Message}). See that the store runs, and start again.");
            LogUnasked(log, failed, keeper.Document.Revision);
        }
    }

    private async Task ReadFileAsync(PolicyFile from, CancellationToken cancellationToken)
    {
        IReadOnlyList<ManifestError> errors;
        try
        {
            errors = await keeper.OfferFileAsync(from, from.Take(), cancellationToken).WaitAsync(Limits.PolicyStartMax, TimeProvider.System, cancellationToken);
        }
        catch (Exception failed) when (failed is not OperationCanceledException && keeper.Document is not null)
        {
            from.Forget();
            LogUnoffered(log, failed, from.Path, keeper.Document.Revision);
            return;
        }

        if (keeper.Document is not null || errors.Count == 0) return;
        throw new StartFailure($"--policy: cell '{cell.Cell}' has no policy to serve by, and this one is refused:\n{string.Join('\n', errors.Select(e => "  " + e.Render(from.Path)))}\nWithout its ceilings the cell would let out what it must keep. Correct the file, or leave --policy out.");
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        if (file!.Changed() is not { } look) return;
        try
        {
            await keeper.OfferFileAsync(file, look, cancellationToken);
        }
        catch
        {
            file.Forget();
            throw;
        }
    }

    /// <summary>Never twice at once; what fails is told and tried again.</summary>
    private async Task EveryAsync(TimeSpan interval, Func<CancellationToken, Task> work)
    {
        using var timer = new PeriodicTimer(interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token)) await OnceAsync(work);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private async Task OnceAsync(Func<CancellationToken, Task> work)
    {
        try
        {
            await work(stopping.Token).WaitAsync(stopping.Token);
        }
        catch (Exception failed) when (!stopping.IsCancellationRequested)
        {
            LogFailed(log, failed);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The cell's store did not tell its policy. Revision {Revision}, which this silo had, is in force until it does.")]
    private static partial void LogUnasked(ILogger log, Exception failed, long revision);

    [LoggerMessage(LogLevel.Warning, "The policy file {File} could not be offered to the cell and will be again. Revision {Revision} is in force until then.")]
    private static partial void LogUnoffered(ILogger log, Exception failed, string file, long revision);

    [LoggerMessage(LogLevel.Warning, "Following the cell's policy failed and is tried again.")]
    private static partial void LogFailed(ILogger log, Exception failed);
}
