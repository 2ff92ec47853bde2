using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Links.Bundles.Store;

namespace OrleansHybrid.Links.Bundles.Transfer;

/// <summary>Makes what a place runs what it should run: fetches, verifies, stages, loads and probes what is desired, then unloads what is not.</summary>
/// <remarks>
/// Rules kept here; <see cref="VersionInstall"/> has those of one version:
/// <list type="bullet">
/// <item>A published version that is desired no more goes only after one that is desired serves; or when nothing of the model is desired here.</item>
/// <item>A failure leaves what serves. Where nothing of the model serves, its last good version is loaded.</item>
/// <item>Versions of plain folders are nobody's here: they are neither loaded nor unloaded.</item>
/// <item>Before the first document nothing is done.</item>
/// </list>
/// </remarks>
/// <example><code>
/// var gate = new ActivationGate(store, Zone.Device);             // Its WhyNot and Choose go to the repository.
/// var fetcher = new BundleFetcher(store, new FleetBundleSource(fleet), TransferLimits.None(clock));
/// var installer = new VersionInstaller(new InstallerParts(store, fetcher, repository, gate, () => desired, clock));
/// documents.Changed += installer.Wake;
/// await installer.RunAsync(stopping);
/// </code></example>
public sealed class VersionInstaller : IManagedVersions
{
    private readonly InstallerParts parts;
    private readonly InstallProgress progress;
    private readonly InstallAudit audit;
    private readonly VersionInstall install;
    private readonly BundleCollector collector;
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly SemaphoreSlim signal = new(0, 1);
    private long? collectedAt;
    private bool spoiltTold;

    public VersionInstaller(InstallerParts parts)
    {
        this.parts = parts;
        progress = new InstallProgress(parts.Clock, parts.Seed, () => Changed?.Invoke());
        audit = new InstallAudit(parts);
        install = new VersionInstall(parts, progress, audit);
        collector = new BundleCollector(parts.Store);
    }

    /// <summary>Raised after <see cref="Versions"/> changed. Handlers must be short.</summary>
    public event Action? Changed;

    /// <summary>Every desired version, and the published ones that still serve besides, with their ages as of now.</summary>
    public IReadOnlyList<NodeVersion> Versions => progress.Versions;

    /// <summary>Something may have changed: the next pass begins now.</summary>
    public void Wake()
    {
        try
        {
            if (signal.CurrentCount == 0) signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // Two woke it at once: one is enough.
        }
    }

    /// <summary>Passes until it is stopped: when woken, and every few seconds. What fails is told and tried again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string? told = null;
        try
        {
            while (true)
            {
                var failed = await TryAsync(cancellationToken);
                if (failed is not null && failed != told) parts.Notice(failed);
                told = failed;
                await WaitAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    /// <summary>One pass. True when everything that is desired and can be held here serves, and what others will ask for is here.</summary>
    public async Task<bool> ReconcileAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            var desired = parts.Desired();
            await TellSpoiltAsync(cancellationToken);
            if (desired.Revision == 0) return true;
            var done = true;
            foreach (var model in Models(desired)) done &= await ReconcileAsync(model, desired, cancellationToken);
            progress.Forget(v => !IsServed(v) && !desired.Versions.Any(d => d.Model == v.Model && d.Version == v.Version));
            done &= await FetchOthersAsync(cancellationToken);
            await CollectAsync(desired, cancellationToken);
            return done;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>What lay on this disk and was refused when it was read: once, before it is put right.</summary>
    private async Task TellSpoiltAsync(CancellationToken cancellationToken)
    {
        if (spoiltTold) return;
        foreach (var model in parts.Repository.State.Models.Values)
        {
            foreach (var version in model.Versions.Where(v => v.HasFailed))
            {
                var key = new ModelVersionKey(model.Name, version.Version);
                if (parts.Store.BundleOf(key) is { } bundle && BundleProblem.Read(version.Reason) is { } problem) await audit.RefusedAsync(key, bundle, problem, cancellationToken);
            }
        }

        spoiltTold = true;
    }

    /// <summary>What is desired first, in ascending order; then the rest goes.</summary>
    private async Task<bool> ReconcileAsync(string model, DesiredState desired, CancellationToken cancellationToken)
    {
        var wanted = desired.Versions.Where(v => v.Model == model).ToArray();
        foreach (var none in wanted.Where(v => v.Variant is null)) progress.Set(new ModelVersionKey(model, none.Version), NodeVersionStage.Desired, "", "", none.Reason);
        DesiredVersion[] held = [.. wanted.Where(v => v.Variant is not null)];
        var serving = 0;
        foreach (var version in held)
        {
            if (await install.RunAsync(version, desired.Revision, cancellationToken)) serving++;
        }

        if (held.Length == 0 || serving > 0) await DropAsync(model, held, cancellationToken);
        else await GoBackAsync(model, cancellationToken);
        return serving == held.Length;
    }

    private async Task DropAsync(string model, DesiredVersion[] held, CancellationToken cancellationToken)
    {
        foreach (var old in Served(model).Where(v => held.All(h => h.Version != v.Version)))
        {
            await parts.Repository.UnloadAsync(model, old.Version, cancellationToken);
            parts.Gate.Withdraw(old);
            audit.Forget(old);
            collectedAt = null;
        }
    }

    /// <summary>Where nothing of a model serves, the last good version does.</summary>
    private async Task GoBackAsync(string model, CancellationToken cancellationToken)
    {
        var good = parts.Store.Activations.State.LastGood.FirstOrDefault(g => g.Version.Model == model);
        if (good is not null && Served(model).Count == 0 && parts.Store.BundleOf(good.Version) == good.Bundle)
        {
            await parts.Repository.LoadAsync(model, good.Version.Version, cancellationToken);
        }

        foreach (var kept in Served(model))
        {
            var variant = parts.Repository.State.Models[model].Find(kept.Version)!.Loaded.FirstOrDefault()?.Key.Variant ?? "";
            progress.Set(kept, NodeVersionStage.Serving, variant, parts.Store.BundleOf(kept) ?? "");
        }
    }

    /// <summary>True when all of it is here.</summary>
    private async Task<bool> FetchOthersAsync(CancellationToken cancellationToken)
    {
        var done = true;
        foreach (var other in parts.Others())
        {
            var content = $"files of {other.Model}@{other.Version.Version} {other.Version.Bundle}";
            if (other.Files.All(f => parts.Store.Blobs.Has(f.Blob)) && parts.Store.Blobs.Has(other.Version.Signature)) continue;
            done = false;
            if (!progress.MayTry(content)) continue;
            var fetched = await parts.Fetcher.FetchAsync(other.Model, other.Version, other.Files, cancellationToken);
            if (fetched.IsDone) progress.Succeeded(content);
            else progress.Failed(content, fetched.Failure?.RetryAfter);
            if (fetched.Problem is { } problem) await audit.RefusedAsync(new ModelVersionKey(other.Model, other.Version.Version), other.Version.Bundle, problem, cancellationToken);
        }

        return done;
    }

    private async Task CollectAsync(DesiredState desired, CancellationToken cancellationToken)
    {
        if (collectedAt is { } last && parts.Clock.GetElapsedTime(last) < Limits.BundleCollectInterval) return;
        var versions = desired.Versions.Select(v => new ModelVersionKey(v.Model, v.Version)).Concat(parts.Repository.State.Models.Keys.SelectMany(Served));
        var digests = desired.Versions.SelectMany(v => new WantedFiles(v.Model, v.Source, v.Files).Digests).Concat(parts.Others().SelectMany(o => o.Digests)).Concat(parts.Keep());
        await collector.CollectAsync(versions, digests, cancellationToken);
        collectedAt = parts.Clock.GetTimestamp();
    }

    private IEnumerable<string> Models(DesiredState desired) =>
        desired.Versions.Select(v => v.Model).Concat(parts.Repository.State.Models.Keys.Where(m => Served(m).Count > 0)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>Published versions of a model that answer.</summary>
    private List<ModelVersionKey> Served(string model) =>
    [
        .. (parts.Repository.State.Models.GetValueOrDefault(model)?.Versions ?? []).Select(v => new ModelVersionKey(model, v.Version)).Where(IsServed),
    ];

    private bool IsServed(ModelVersionKey version) =>
        parts.Repository.State.Models.GetValueOrDefault(version.Model)?.Find(version.Version) is { State: VersionState.Ready } && parts.Store.BundleOf(version) is not null;

    /// <summary>Null, or what went wrong with the pass as a whole.</summary>
    private async Task<string?> TryAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ReconcileAsync(cancellationToken);
            return null;
        }
        catch (Exception failed) when (failed is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return $"Installing versions stopped and is tried again: {failed.GetType().Name}: {failed.Message}";
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var waked = signal.WaitAsync(woken.Token);
        await Task.WhenAny(waked, Task.Delay(Limits.InstallLookInterval, parts.Clock, woken.Token));
        await woken.CancelAsync();
        await waked.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
