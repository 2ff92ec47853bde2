using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Grains;
using OrleansHybrid.Grains.Nodes;
using OrleansHybrid.Links.Fleet;
using OrleansHybrid.Links.Upstreams;
using OrleansHybrid.Silo.Cells;
using OrleansHybrid.Silo.Settings;
using OrleansHybrid.Silo.Tls;

namespace OrleansHybrid.Silo.Documents;

/// <summary>Follows the documents of the cell above by a long poll. One silo of the cell does it for all; the others read from the cell.</summary>
/// <remarks>A link that is cut carries no poll, also not one that is out. After a failure it waits, longer each time, and goes on at once when the link comes back.</remarks>
internal sealed partial class DocumentsAbove(
    CellSettings cell,
    CellTls tls,
    UpstreamDirectory links,
    DocumentKeeper keeper,
    DocumentTold told,
    IGrainFactory grains,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock,
    ILogger<DocumentsAbove> log) : IDisposable
{
    /// <summary>In place of a revision: all is asked for, and the answer comes at once. A cell above that has no document is at revision 0, and holds the next call.</summary>
    private const long Fresh = -1;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private readonly Random random = new(StringComparer.Ordinal.GetHashCode(cell.Node));
    private readonly FleetClient? fleet = cell.Upstream is null ? null : new FleetClient(CellLinks.Options(cell, tls), TimeProvider.System);
    private readonly FirstContact contact = new(clock);
    private long cursor = Fresh;
    private long retries;
    private bool toldBehind;
    private string? lastFailure;

    private bool IsCut => links.Above?.State.Health == LinkHealth.Cut;

    private string Source => "the cell above, " + cell.Upstream;

    public void Dispose() => fleet?.Dispose();

    public async Task RunAsync(CancellationToken stopping)
    {
        if (fleet is null) return;
        var pause = Limits.DocumentRetryMin;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (await OnceAsync(stopping) is not { } failure)
                {
                    pause = Limits.DocumentRetryMin;
                    if (lastFailure is not null) LogBack(log, Source);
                    lastFailure = null;
                    continue;
                }

                if (!contact.IsAwaited) Complain(failure);
            }
            catch (Exception failed) when (!stopping.IsCancellationRequested)
            {
                LogBroke(log, failed);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await PauseAsync(pause * (0.8 + (0.4 * random.NextDouble())), stopping);
            pause = pause * 2 < Limits.DocumentRetryMax ? pause * 2 : Limits.DocumentRetryMax;
        }
    }

    private void Complain(string failure)
    {
        if (lastFailure != failure) LogFailed(log, Source, failure, keeper.Current.Revision);
        lastFailure = failure;
    }

    /// <summary>One call, when it is this silo's turn and the link is not cut.</summary>
    /// <returns>Why nothing was heard; null when all is well.</returns>
    private async Task<string?> OnceAsync(CancellationToken cancellationToken)
    {
        if (IsCut || !await ClaimAsync(release: false, cancellationToken))
        {
            await Task.Delay(IsCut ? Look : Limits.DocumentFollowInterval, clock, cancellationToken);
            return null;
        }

        if (retries != keeper.Retries) (cursor, retries) = (Fresh, keeper.Retries);
        var began = clock.GetTimestamp();
        var answer = await AskAsync(cancellationToken);
        if (answer is null) return null;
        if (answer.Failure is null || answer.Farm.Length > 0) contact.Heard();
        if (answer.Failure is { } failure)
        {
            if (answer.Farm.Length > 0 && lastFailure != failure.Message) await told.RefusedAsync("document", new BundleProblem(BundleRefusal.OtherFarm, failure.Message), Source, keeper.Current.Revision, cancellationToken);
            await ClaimAsync(release: true, cancellationToken);
            return failure.Message;
        }

        await keeper.TakeAsync(answer.Documents, answer.Endorsements, Source, cancellationToken);
        if (answer.Documents.Count > 0) await TryOfferAsync(cancellationToken);
        Notice(answer);
        cursor = answer.Revision;

        // Whoever has nothing to tell and does not hold the call is not asked again and again.
        if (answer.Documents.Count == 0 && clock.GetElapsedTime(began) < Look) await Task.Delay(Limits.DocumentFollowInterval, clock, cancellationToken);
        return null;
    }

    /// <summary>Null when the link was cut meanwhile.</summary>
    private async Task<DocumentsAnswer?> AskAsync(CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var call = fleet!.GetDocumentsAsync(Math.Max(cursor, 0), keeper.Current.Farm, cursor == Fresh ? TimeSpan.Zero : Limits.DocumentPollMax, giveUp.Token).AsTask();
        while (await Task.WhenAny(call, Task.Delay(Look, clock, cancellationToken)) != call)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!IsCut) continue;
            await giveUp.CancelAsync();
            await call;
            return null;
        }

        var answer = await call;
        cancellationToken.ThrowIfCancellationRequested();
        return IsCut ? null : answer;
    }

    /// <summary>Without the cell's store to ask, each silo fetches for itself.</summary>
    private async Task<bool> ClaimAsync(bool release, CancellationToken cancellationToken)
    {
        try
        {
            return await grains.GetDocuments(cell.Cell).ClaimAsync(cell.Node, release, cancellationToken);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            return true;
        }
    }

    /// <summary>What could not be handed on now is by the next look at the cell.</summary>
    private async Task TryOfferAsync(CancellationToken cancellationToken)
    {
        try
        {
            await keeper.OfferAsync(cancellationToken);
        }
        catch (Exception failed) when (failed is not OperationCanceledException)
        {
            LogUnoffered(log, failed);
        }
    }

    private void Notice(DocumentsAnswer answer)
    {
        var behind = !answer.More && answer.Revision < keeper.Current.Revision;
        if (behind && !toldBehind) LogBehind(log, Source, answer.Revision, keeper.Current.Revision);
        toldBehind = behind;
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        var (began, was) = (clock.GetTimestamp(), links.Above?.State.Health);
        try
        {
            while (clock.GetElapsedTime(began) < pause)
            {
                await Task.Delay(Look, clock, cancellationToken);
                var health = links.Above?.State.Health;
                if (health == LinkHealth.Up && was != LinkHealth.Up) return;
                was = health;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Source} does not tell its documents: {Reason} Those up to revision {Revision} go on holding.")]
    private static partial void LogFailed(ILogger log, string source, string reason, long revision);

    [LoggerMessage(LogLevel.Information, "{Source} tells its documents again.")]
    private static partial void LogBack(ILogger log, string source);

    [LoggerMessage(LogLevel.Error, "{Source} is at revision {Theirs} of its documents, and this cell at {Ours}. It was restored from an old copy, or is another: what holds here stays until it has a higher one.")]
    private static partial void LogBehind(ILogger log, string source, long theirs, long ours);

    [LoggerMessage(LogLevel.Warning, "Fetching documents from above failed and is tried again.")]
    private static partial void LogBroke(ILogger log, Exception failed);

    [LoggerMessage(LogLevel.Debug, "The documents could not be handed to the cell's store, and will be.")]
    private static partial void LogUnoffered(ILogger log, Exception failed);
}
