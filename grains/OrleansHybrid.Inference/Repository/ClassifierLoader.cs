using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Repository;

/// <summary>Takes a version's classifier into the engine, before the variant beside it, and back out when that variant fails.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>A version whose classifier cannot run is not served: its author meant it to be asked.</item>
/// <item>An unchanged classifier (same bytes, same output, still in the engine) is not loaded again.</item>
/// <item>When the new variant fails, what serves goes on without a classifier that was replaced already: a missing signal is safe, one of another version is not.</item>
/// </list>
/// </remarks>
internal sealed class ClassifierLoader(IInferenceEngine engine, StateHolder states)
{
    /// <returns>Neither loaded nor failed when the version has no classifier to load here.</returns>
    public async Task<LoadOutcome> LoadAsync(ModelVersionKey key, ModelManifest manifest, ClassifierBytes? bytes, ReadVariantAgain again, VersionEntry? before, CancellationToken cancellationToken)
    {
        if (bytes is null || manifest.Classifier is not { } stated) return new LoadOutcome(null, null);
        if (before?.Classifier is { } held && IsUnchanged(held, stated)) return new LoadOutcome(held, null);
        var outcome = await engine.LoadAsync(
            new VariantToLoad(
                new VariantKey(key.Model, key.Version, ClassifierManifest.VariantName), bytes.Onnx, null, stated.File, stated.Digest,
                ClassifierManifest.Batching(manifest.Batching), InstanceSettings.Default, bytes.Inputs, [bytes.Output]) { Again = again },
            cancellationToken);
        if (outcome.Failure is not { } failure) return outcome;
        return outcome with { Failure = failure with { Message = string.Join('\n', failure.Message.Split('\n').Select(line => $"{stated.File}: {line}")) } };
    }

    /// <summary>Undoes <see cref="LoadAsync"/>, unless it changed nothing.</summary>
    public async Task GiveUpAsync(ModelVersionKey key, LoadedVariant? loaded, VersionEntry? before)
    {
        if (loaded is null || ReferenceEquals(loaded, before?.Classifier)) return;
        // First out of the state, so that no plan asks it any more.
        if (before?.Classifier is not null && states.Find(key) is { } entry) states.Update(key.Model, entry with { Classifier = null });
        await engine.UnloadAsync(loaded.Key, CancellationToken.None);
    }

    private bool IsUnchanged(LoadedVariant held, ClassifierManifest stated) =>
        held.Digest == stated.Digest && held.Outputs[0].Name == stated.Output && engine.State.Variants.ContainsKey(held.Key);
}
