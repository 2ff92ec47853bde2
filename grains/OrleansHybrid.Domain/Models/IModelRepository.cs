using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Models;

/// <summary>The model repository of one silo: folders with versions, which of them are served, and the changes an operator may make.</summary>
public interface IModelRepository
{
    /// <summary>Immutable, replaced whole on every change.</summary>
    RepositoryState State { get; }

    /// <summary>Raised after <see cref="State"/> was replaced. Handlers must be short.</summary>
    event Action? Changed;

    /// <summary>Reads the folder again and loads or reloads a model: its versions by policy, or the one named. A failed load leaves what served before.</summary>
    ValueTask<RepositoryOutcome> LoadAsync(string model, int? version, CancellationToken cancellationToken);

    /// <summary>Unloads a model, or the one version named; requests in flight finish.</summary>
    ValueTask<RepositoryOutcome> UnloadAsync(string model, int? version, CancellationToken cancellationToken);
}

/// <param name="Failure">Null on success.</param>
public sealed record RepositoryOutcome(InferenceFailure? Failure)
{
    public static RepositoryOutcome Success { get; } = new((InferenceFailure?)null);
}

/// <summary>Everything a repository holds at one moment.</summary>
public sealed record RepositoryState(IReadOnlyDictionary<string, ModelEntry> Models)
{
    public static RepositoryState Empty { get; } = new(new Dictionary<string, ModelEntry>(StringComparer.Ordinal));
}

/// <summary>One model's folder.</summary>
/// <param name="Versions">Ascending by number.</param>
public sealed record ModelEntry(string Name, VersionPolicy Policy, IReadOnlyList<VersionEntry> Versions)
{
    /// <summary>What a request without a version gets: the highest ready one, or null.</summary>
    public VersionEntry? Default => Versions.LastOrDefault(v => v.State == VersionState.Ready);

    public VersionEntry? Find(int version) => Versions.FirstOrDefault(v => v.Version == version);
}

/// <summary>One version's folder.</summary>
/// <param name="Manifest">Null when the manifest is broken: see <paramref name="Reason"/>.</param>
/// <param name="Loaded">The variants this silo's engine holds, best first for its zone. Empty for a version whose variants belong to other zones: it is known and can be answered above.</param>
/// <param name="Reason">Why it is not ready, every error with its place and remedy, one a line; empty when ready.</param>
/// <param name="PlainFolder">A Triton folder without a manifest: tensors read from the graph.</param>
public sealed record VersionEntry(
    int Version,
    VersionState State,
    ModelManifest? Manifest,
    IReadOnlyList<LoadedVariant> Loaded,
    string Reason,
    bool PlainFolder)
{
    /// <summary>The version's classifier in this silo's engine; null where there is none. Never one of <see cref="Loaded"/>: it answers nobody.</summary>
    public LoadedVariant? Classifier { get; init; }

    /// <summary>What is known of who made the version.</summary>
    public VersionSignature Signature { get; init; } = VersionSignature.None;

    /// <summary>The <see cref="Reason"/> of a version that the policy leaves out: nothing is wrong with it.</summary>
    public const string LeftOut = "not served by the version policy";

    /// <summary>It could not be read or loaded, rather than being left out or unloaded.</summary>
    public bool HasFailed => State == VersionState.Unavailable && Manifest is null && Reason.Length > 0 && Reason != LeftOut;

    /// <summary>Everything of the version that the engine holds.</summary>
    public IEnumerable<LoadedVariant> Held => Classifier is { } classifier ? Loaded.Append(classifier) : Loaded;

    public IReadOnlyList<TensorSpec> Inputs => Manifest?.Inputs ?? [];

    public IReadOnlyList<TensorSpec> Outputs => Manifest?.Outputs ?? [];
}

/// <summary>Triton's states of a model version.</summary>
public enum VersionState
{
    Unknown,
    Loading,
    Ready,
    Unloading,
    Unavailable,
}
