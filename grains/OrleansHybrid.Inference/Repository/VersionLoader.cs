using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Repository;

/// <summary>Takes one version from its folder into the engine and back out, and says so in the state. Called for one change of a model at a time.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>The variant that <see cref="RepositorySettings.Choose"/> picks is loaded, no other; by default the first in the manifest's order that lists this silo's zone. A version without one is ready with nothing loaded: it is known and answered above.</item>
/// <item>A reload asks the engine for the new bytes while the old ones serve; the old go only when the new are ready, so there is no gap.</item>
/// <item>A load that fails leaves what served before. Only if the engine lost it does the state say so.</item>
/// <item>The version's classifier is loaded with its variant and goes with it (<see cref="ClassifierLoader"/>).</item>
/// <item>An unchanged version (same digest, still in the engine) is not loaded again.</item>
/// </list>
/// </remarks>
internal sealed class VersionLoader(IInferenceEngine engine, VersionReader reader, StateHolder states)
{
    public const string Unloaded = "unloaded";

    private readonly ClassifierLoader classifiers = new(engine, states);
    private readonly System.Collections.Concurrent.ConcurrentDictionary<VariantKey, string> sealedFolders = new();

    /// <summary>Empty on success, else every error, each beginning with the version.</summary>
    public async Task<IReadOnlyList<string>> LoadAsync(ModelVersionKey key, VersionFolderEntry folder, CancellationToken cancellationToken)
    {
        var before = states.Find(key);
        if (before?.State != VersionState.Ready) states.Update(key.Model, new VersionEntry(key.Version, VersionState.Loading, before?.Manifest, [], "", before?.PlainFolder ?? false));
        string? failure = "the load was cancelled";
        var plain = false;
        try
        {
            // Reading and hashing take long and must not hold the caller's scheduler, which may be a grain's.
            var read = await Task.Run(() => reader.ReadAsync(key, folder, cancellationToken), cancellationToken);
            plain = read.PlainFolder;
            failure = read.Errors.Count > 0 ? string.Join('\n', read.Errors) : await TakeInAsync(key, folder, read, before, cancellationToken);
        }
        finally
        {
            if (failure is not null) LeaveAsBefore(key, before, failure, plain);
        }

        return failure is null ? [] : [.. failure.Split('\n').Select(line => $"{key}: {line}")];
    }

    /// <summary>Stops serving a version; requests in flight finish. Once begun it ends: half unloaded would be neither served nor free.</summary>
    public async Task UnloadAsync(ModelVersionKey key, string reason)
    {
        if (states.Find(key) is not { State: VersionState.Ready or VersionState.Loading } entry) return;
        // First out of the state, so that the router stops choosing it, then out of the engine.
        states.Update(key.Model, entry with { State = VersionState.Unloading, Loaded = [], Classifier = null, Reason = reason });
        try
        {
            await ReleaseAsync(entry.Held);
        }
        finally
        {
            states.Update(key.Model, entry with { State = VersionState.Unavailable, Loaded = [], Classifier = null, Reason = reason });
        }
    }

    /// <summary>Null on success.</summary>
    private async Task<string?> TakeInAsync(ModelVersionKey key, VersionFolderEntry folder, VersionRead read, VersionEntry? before, CancellationToken cancellationToken)
    {
        var manifest = read.Manifest!;
        if (IsUnchanged(before, manifest, read))
        {
            SealedFolders.Remove(read.Variant?.SealedFolder);
            if (before!.Signature != read.Signature) states.Update(key.Model, before with { Signature = read.Signature });
            return null;
        }

        LoadedVariant? loaded = null;
        LoadedVariant? classifier = null;
        if (read.Variant is { } variant)
        {
            (var outcome, classifier) = await HandOverAsync(key, folder, read, variant, before, cancellationToken);
            if (outcome.Failure is { } failure) return failure.Message;
            loaded = outcome.Loaded!;
        }

        if (read.PlainFolder) manifest = manifest with { Inputs = loaded!.Inputs, Outputs = loaded.Outputs };
        var entry = new VersionEntry(key.Version, VersionState.Ready, manifest, loaded is null ? [] : [loaded], "", read.PlainFolder) { Classifier = classifier, Signature = read.Signature };
        states.Update(key.Model, entry);
        await ReleaseAsync((before?.Held ?? []).Where(old => entry.Held.All(now => now.Key != old.Key)));
        return null;
    }

    private async Task<(LoadOutcome Variant, LoadedVariant? Classifier)> HandOverAsync(ModelVersionKey key, VersionFolderEntry folder, VersionRead read, VariantBytes bytes, VersionEntry? before, CancellationToken cancellationToken)
    {
        var (manifest, variant) = (read.Manifest!, bytes.Variant);
        var variantKey = new VariantKey(key.Model, key.Version, variant.Name);
        var taken = false;
        LoadOutcome? classifier = null;
        try
        {
            var digest = manifest.Digest;
            classifier = await classifiers.LoadAsync(key, manifest, read.Classifier, Again(folder, new VariantKey(key.Model, key.Version, ClassifierManifest.VariantName), digest), before, cancellationToken);
            if (classifier.Failure is not null) return (classifier, null);
            var outcome = await engine.LoadAsync(VariantsToLoad.Of(variantKey, read)! with { Again = Again(folder, variantKey, digest) }, cancellationToken);
            taken = outcome.Failure is null;
            return (outcome, classifier.Loaded);
        }
        finally
        {
            if (taken) KeepSealed(variantKey, bytes.SealedFolder);
            else SealedFolders.Remove(bytes.SealedFolder);
            if (!taken) await classifiers.GiveUpAsync(key, classifier?.Loaded, before);
        }
    }

    /// <summary>Holds the folder and the digest, no bytes.</summary>
    private ReadVariantAgain Again(VersionFolderEntry folder, VariantKey variant, string versionDigest) =>
        new VariantReload(reader, folder, variant, versionDigest, read => VariantsToLoad.Of(variant, read), path => KeepSealed(variant, path)).ReadAsync;

    private async Task ReleaseAsync(IEnumerable<LoadedVariant> variants)
    {
        foreach (var variant in variants)
        {
            await engine.UnloadAsync(variant.Key, CancellationToken.None);
            KeepSealed(variant.Key, null);
        }
    }

    /// <summary>Remembers the sealed copy behind a variant and removes the one before it.</summary>
    private void KeepSealed(VariantKey key, string? folder)
    {
        sealedFolders.Remove(key, out var old);
        if (folder is not null) sealedFolders[key] = folder;
        SealedFolders.Remove(old);
    }

    private bool IsUnchanged(VersionEntry? before, ModelManifest manifest, VersionRead read) =>
        before is { State: VersionState.Ready, Manifest: { } old } && old.Digest == manifest.Digest
        && before.Loaded.Select(v => v.Key.Variant).SequenceEqual(read.Variant is { } chosen ? [chosen.Variant.Name] : Array.Empty<string>())
        && before.Classifier is null == read.Classifier is null && IsHeld(before);

    private bool IsHeld(VersionEntry entry) => entry.Held.All(v => engine.State.Variants.ContainsKey(v.Key));

    private void LeaveAsBefore(ModelVersionKey key, VersionEntry? before, string failure, bool plain)
    {
        if (before is { State: VersionState.Ready } && IsHeld(states.Find(key) ?? before)) return;
        states.Update(key.Model, new VersionEntry(key.Version, VersionState.Unavailable, null, [], failure, plain));
    }
}
