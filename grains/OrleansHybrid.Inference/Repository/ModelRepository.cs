using System.Collections.Concurrent;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Repository;

/// <summary>One silo's model repository over folders in Triton's layout, <c>root/model/version/</c>, with <c>model.yaml</c> or a plain <c>model.onnx</c> in each version.</summary>
/// <remarks>
/// Rules kept here; <see cref="VersionLoader"/> has those of one version:
/// <list type="bullet">
/// <item>A model has one home: the same name in two roots is an error, and neither is loaded. The bundle store's root adds versions to it, and wins where a number is in both.</item>
/// <item>A load reads the folder again. Its versions are those of <c>config.yaml</c>'s policy (the latest one without it); a version that an operator loaded or unloaded by name overrides the policy until the silo restarts or the whole model is unloaded.</item>
/// <item>Versions that the policy no longer wants are unloaded after all others loaded; after any error they stay.</item>
/// <item>One change at a time for each model. A broken model never touches another.</item>
/// </list>
/// <code>
/// var repository = new ModelRepository(new RepositorySettings(["models"], Zone.Edge, ".hybrid/eu-west"), engine, OnnxScan.Scan);
/// var summary = await repository.LoadAllAsync(stopping);
/// </code>
/// </remarks>
public sealed class ModelRepository : IModelRepository
{
    private readonly RepositorySettings settings;
    private readonly RepositoryFolders folders;
    private readonly SealedFolders sealedFolders;
    private readonly VersionLoader loader;
    private readonly ModelChanges changes = new();
    private readonly StateHolder states = new();
    private readonly ConcurrentDictionary<string, Dictionary<int, bool>> byName = new(StringComparer.Ordinal);

    public ModelRepository(RepositorySettings settings, IInferenceEngine engine, ScanGraph scan)
    {
        this.settings = settings;
        folders = new RepositoryFolders(settings.Roots, settings.Managed);
        sealedFolders = new SealedFolders(settings.DataFolder);
        loader = new VersionLoader(engine, new VersionReader(settings.Choose ?? VariantChoices.FirstOf(settings.Zone), scan, sealedFolders, new VersionTrust(settings), settings.Probes), states);
    }

    public event Action? Changed
    {
        add => states.Changed += value;
        remove => states.Changed -= value;
    }

    public RepositoryState State => states.State;

    /// <summary>The silo's start: removes sealed copies of an earlier process and loads every model. A broken one never stops the others. The data folder must be this process' own by now.</summary>
    public async Task<RepositorySummary> LoadAllAsync(CancellationToken cancellationToken)
    {
        sealedFolders.Clear();
        var broken = new ConcurrentBag<BrokenModel>();
        var names = folders.List(out var keptOut);
        foreach (var name in keptOut) broken.Add(new BrokenModel(name, string.Create(null, $"expected at most {Limits.ModelsPerRepositoryMax} models; this one is kept out. Remove some.")));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = settings.ParallelLoads, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(names, parallel, async (name, token) =>
        {
            if (await TryLoadAsync(name, token) is { } reason) broken.Add(new BrokenModel(name, reason));
        });
        var loaded = State.Models.Values.SelectMany(m => m.Versions).SelectMany(v => v.Loaded);
        return new RepositorySummary([.. loaded.OrderBy(v => v.Key.ToString(), StringComparer.Ordinal)], [.. broken.OrderBy(b => b.Model, StringComparer.Ordinal)]);
    }

    public async ValueTask<RepositoryOutcome> LoadAsync(string model, int? version, CancellationToken cancellationToken)
    {
        if (folders.Find(model) is null) return NotFound(model);
        using var turn = await changes.EnterAsync(model, cancellationToken);
        // Read again in turn: the change before this one may have waited for a copy to end.
        if (folders.Find(model) is not { } folder) return NotFound(model);
        if (folder.Errors.Count > 0) return Refuse(folder, folder.Errors);
        if (version is { } number && folder.Find(number) is null) return VersionNotFound(model, number);
        NoticeTritonConfig(folder);
        NoticeShadowed(folder);
        var config = await ModelConfigReading.ReadAsync(folder, cancellationToken);
        if (config.Errors.Count > 0) return Refuse(folder, config.Errors);

        var names = byName.GetOrAdd(model, static _ => []);
        var plan = version is { } one
            ? LoadPlan.ByName(folder.Find(one)!, config.Policy)
            : LoadPlan.ByPolicy(folder, config.Policy, names, State.Models.GetValueOrDefault(model));
        var outcome = await RunAsync(folder, plan, cancellationToken);
        if (version is { } loaded && outcome.Failure is null) names[loaded] = true;
        return outcome;
    }

    public async ValueTask<RepositoryOutcome> UnloadAsync(string model, int? version, CancellationToken cancellationToken)
    {
        if (!State.Models.ContainsKey(model)) return NotFound(model);
        using var turn = await changes.EnterAsync(model, cancellationToken);
        var entry = State.Models[model];
        if (version is { } number && entry.Find(number) is null) return VersionNotFound(model, number);
        var names = byName.GetOrAdd(model, static _ => []);
        if (version is { } one) names[one] = false;
        else names.Clear();
        foreach (var known in entry.Versions.Where(v => version is null || v.Version == version))
        {
            await loader.UnloadAsync(new ModelVersionKey(model, known.Version), VersionLoader.Unloaded);
        }

        return RepositoryOutcome.Success;
    }

    /// <summary>Null, or why the model is not whole. Even a bug of ours that one model brings out leaves the others serving.</summary>
    private async Task<string?> TryLoadAsync(string model, CancellationToken cancellationToken)
    {
        try
        {
            return (await LoadAsync(model, null, cancellationToken)).Failure?.Message;
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            return $"{model}: an internal error ({bug.GetType().Name}) stopped its load. Please report it.";
        }
    }

    private async Task<RepositoryOutcome> RunAsync(ModelFolder folder, LoadPlan plan, CancellationToken cancellationToken)
    {
        states.Update(folder.Name, entry => ListVersions(entry with { Policy = plan.Policy }, folder, plan));
        var errors = plan.Errors.ToList();
        foreach (var version in plan.Load)
        {
            errors.AddRange(await loader.LoadAsync(new ModelVersionKey(folder.Name, version.Number), version, cancellationToken));
        }

        if (errors.Count > 0) return Failed(errors);
        foreach (var number in plan.Drop)
        {
            await loader.UnloadAsync(new ModelVersionKey(folder.Name, number), "not served by the version policy");
        }

        return RepositoryOutcome.Success;
    }

    /// <summary>Adds the folder's versions that the entry does not know, and forgets those that are neither there nor served.</summary>
    private static ModelEntry ListVersions(ModelEntry entry, ModelFolder folder, LoadPlan plan)
    {
        var kept = entry.Versions.Where(v => v.State == VersionState.Ready || folder.Find(v.Version) is not null).ToList();
        var added = folder.Versions.Where(v => kept.All(k => k.Version != v.Number)).Select(v => Unavailable(v.Number, v.WhyNot ?? (plan.Load.Contains(v) ? "" : VersionEntry.LeftOut)));
        return entry with { Versions = [.. kept.Concat(added).OrderBy(v => v.Version)] };
    }

    /// <summary>The model as a whole cannot be loaded: what serves goes on, every other version says why it does not.</summary>
    private RepositoryOutcome Refuse(ModelFolder folder, IReadOnlyList<string> errors)
    {
        var reason = string.Join('\n', errors);
        states.Update(folder.Name, entry => entry with
        {
            Versions = [.. entry.Versions.Where(v => v.State == VersionState.Ready)
                .Concat(folder.Versions.Where(v => entry.Find(v.Number)?.State != VersionState.Ready).Select(v => Unavailable(v.Number, reason)))
                .OrderBy(v => v.Version)],
        });
        return Failed([.. errors.Select(e => $"{folder.Name}: {e}")]);
    }

    private void NoticeTritonConfig(ModelFolder folder)
    {
        if (!File.Exists(Path.Combine(folder.Path, RepositoryFolders.TritonConfigFile))) return;
        settings.Notice($"{folder.Name}: {RepositoryFolders.TritonConfigFile} is not read. Tensors come from the graph; write a {VersionReading.ManifestFile} for batching and labels, and {RepositoryFolders.ConfigFile} for the version policy.");
    }

    private void NoticeShadowed(ModelFolder folder)
    {
        if (folder.Shadowed.Count == 0) return;
        settings.Notice(string.Create(null, $"{folder.Name}: version {string.Join(", ", folder.Shadowed)} of --models is not served: the published one of the same number is. Give yours a new number, or remove it."));
    }

    private static VersionEntry Unavailable(int version, string reason) => new(version, VersionState.Unavailable, null, [], reason, PlainFolder: false);

    private static RepositoryOutcome NotFound(string model) => new(new InferenceFailure(
        FailureCode.ModelNotFound, $"expected a model of the repository; came {ManifestText.Quote(model)}. Check the name, or put its folder into the repository."));

    private static RepositoryOutcome VersionNotFound(string model, int version) => new(new InferenceFailure(
        FailureCode.VersionNotFound, $"expected a version of {ManifestText.Quote(model)} that is there; came {version}. Check the number, or put its folder there."));

    private static RepositoryOutcome Failed(IReadOnlyList<string> errors) => new(new InferenceFailure(FailureCode.BadInput, string.Join('\n', errors)));
}
