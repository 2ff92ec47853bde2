using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Links.Bundles.Store;

namespace OrleansHybrid.Links.Bundles.Transfer;

/// <summary>Brings one desired version to serving, or says why it does not. What served before is not touched.</summary>
/// <remarks>
/// Order: fetch and verify; stage; write down; mark; load with its warm-up; probe; unmark as the last good one. A version whose probe fails is quarantined. A load that
/// fails is tried again later. One that ends the process is quarantined by the marks (<see cref="ActivationRules"/>).
/// </remarks>
internal sealed class VersionInstall(InstallerParts parts, InstallProgress progress, InstallAudit audit)
{
    /// <summary>True when it serves.</summary>
    public async Task<bool> RunAsync(DesiredVersion wanted, long revision, CancellationToken cancellationToken)
    {
        var (key, bundle, variant) = (new ModelVersionKey(wanted.Model, wanted.Version), wanted.Source.Bundle, wanted.Variant!);
        if (Serves(wanted))
        {
            await KeepGoodAsync(key, bundle, cancellationToken);
            progress.Set(key, NodeVersionStage.Serving, variant, bundle);
            return true;
        }

        if (ActivationRules.WhyNot(parts.Store.Activations.State, key, bundle) is { } held)
        {
            progress.Set(key, NodeVersionStage.Failed, variant, bundle, held);
            return false;
        }

        var content = $"{key} {bundle} {variant}";
        if (!progress.MayTry(content)) return false;
        var done = await TryAsync(wanted, content, revision, cancellationToken);
        if (done) progress.Succeeded(content);
        return done;
    }

    /// <summary>A disk that is full when the load is marked fails the version as one that is full before.</summary>
    private async Task<bool> TryAsync(DesiredVersion wanted, string content, long revision, CancellationToken cancellationToken)
    {
        try
        {
            return await FetchAsync(wanted, content, cancellationToken) && await ActivateAsync(wanted, content, revision, cancellationToken);
        }
        catch (IOException failed) when (Disk.IsFull(failed))
        {
            progress.Failed(content);
            progress.Set(new ModelVersionKey(wanted.Model, wanted.Version), NodeVersionStage.Failed, wanted.Variant!, "", DiskRoom.Full(parts.Store.Folders.Root, 0).ToString());
            return false;
        }
    }

    /// <summary>What a full disk kept from being written when the version was loaded.</summary>
    private async Task KeepGoodAsync(ModelVersionKey key, string bundle, CancellationToken cancellationToken)
    {
        if (parts.Store.BundleOf(key) != bundle || parts.Store.Activations.State.IsLastGood(key, bundle)) return;
        try
        {
            await parts.Store.Activations.SucceededAsync(key, bundle, cancellationToken);
        }
        catch (IOException failed) when (Disk.IsFull(failed))
        {
            // It serves all the same; the next pass writes it.
        }
    }

    /// <summary>From the store with that content and variant, or from a plain folder with the same signed content.</summary>
    public bool Serves(DesiredVersion wanted)
    {
        var key = new ModelVersionKey(wanted.Model, wanted.Version);
        if (parts.Repository.State.Models.GetValueOrDefault(wanted.Model)?.Find(wanted.Version) is not { State: VersionState.Ready } entry) return false;
        return (parts.Store.BundleOf(key) ?? entry.Signature.Bundle) == wanted.Source.Bundle && entry.Loaded.Any(l => l.Key.Variant == wanted.Variant);
    }

    private async Task<bool> FetchAsync(DesiredVersion wanted, string content, CancellationToken cancellationToken)
    {
        var (key, source) = (new ModelVersionKey(wanted.Model, wanted.Version), wanted.Source);
        progress.Set(key, NodeVersionStage.Downloading, wanted.Variant!, "");
        var fetched = await parts.Fetcher.FetchAsync(wanted.Model, source, wanted.Files, cancellationToken);
        if (fetched.Failure is { } failure)
        {
            progress.Failed(content, failure.RetryAfter);
            progress.Set(key, NodeVersionStage.Downloading, wanted.Variant!, "", failure.Message);
            return false;
        }

        var problem = fetched.Problem ?? (await parts.Store.StageAsync(wanted.Model, source, wanted.Files, cancellationToken)).Problem;
        if (problem is null)
        {
            progress.Set(key, NodeVersionStage.Verified, wanted.Variant!, source.Bundle);
            return true;
        }

        progress.Failed(content);
        progress.Set(key, NodeVersionStage.Failed, wanted.Variant!, "", problem.ToString());
        await audit.RefusedAsync(key, source.Bundle, problem, cancellationToken);
        return false;
    }

    private async Task<bool> ActivateAsync(DesiredVersion wanted, string content, long revision, CancellationToken cancellationToken)
    {
        var (key, bundle, store) = (new ModelVersionKey(wanted.Model, wanted.Version), wanted.Source.Bundle, parts.Store);
        var before = store.Activations.State.LastGood.FirstOrDefault(g => g.Version.Model == wanted.Model);
        await audit.ActivateAsync(key, bundle, wanted.Variant!, before, revision, cancellationToken);
        var why = await store.Activations.BeginAsync(key, bundle, cancellationToken) ?? await LoadAsync(wanted, cancellationToken);
        if (why is null)
        {
            await store.Activations.SucceededAsync(key, bundle, cancellationToken);
            progress.Set(key, NodeVersionStage.Serving, wanted.Variant!, bundle);
            return true;
        }

        progress.Failed(content);
        progress.Set(key, NodeVersionStage.Failed, wanted.Variant!, bundle, why);
        parts.Notice($"{key} does not serve, and what served before goes on: {why}");
        return false;
    }

    /// <summary>Null, or why it does not answer. A mark never outlives this: the process is alive.</summary>
    private async Task<string?> LoadAsync(DesiredVersion wanted, CancellationToken cancellationToken)
    {
        var (key, bundle) = (new ModelVersionKey(wanted.Model, wanted.Version), wanted.Source.Bundle);
        var loaded = false;
        try
        {
            parts.Gate.Admit(key, bundle);
            if ((await parts.Repository.LoadAsync(wanted.Model, wanted.Version, cancellationToken)).Failure is { } failure) return failure.Message;
            if (!Serves(wanted)) return $"expected the variant {wanted.Variant} in the engine; the version's manifest gives this place another. Publish the version again.";
            progress.Set(key, NodeVersionStage.Loaded, wanted.Variant!, bundle);
            if (parts.Probe is { } probe && await probe(key, cancellationToken) is { } why) return await RejectAsync(key, bundle, $"the probe failed: {why}", cancellationToken);
            loaded = true;
            return null;
        }
        finally
        {
            if (!loaded)
            {
                parts.Gate.Withdraw(key);
                await parts.Store.Activations.EndedAsync(key, CancellationToken.None);
            }
        }
    }

    private async Task<string> RejectAsync(ModelVersionKey key, string bundle, string why, CancellationToken cancellationToken)
    {
        await parts.Store.Activations.QuarantineAsync(key, bundle, why, cancellationToken);
        await parts.Repository.UnloadAsync(key.Model, key.Version, CancellationToken.None);
        return why;
    }
}
