using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Repository;

/// <summary>Holds the repository's state and replaces it whole.</summary>
internal sealed class StateHolder
{
    private readonly Lock gate = new();
    private volatile RepositoryState state = RepositoryState.Empty;

    public event Action? Changed;

    public RepositoryState State => state;

    public VersionEntry? Find(ModelVersionKey key) => state.Models.TryGetValue(key.Model, out var model) ? model.Find(key.Version) : null;

    /// <summary>Replaces one model's entry; the change gets the entry in force, or an empty one.</summary>
    public void Update(string model, Func<ModelEntry, ModelEntry> change)
    {
        lock (gate)
        {
            var before = state.Models.GetValueOrDefault(model) ?? new ModelEntry(model, VersionPolicy.Default, []);
            state = new RepositoryState(new Dictionary<string, ModelEntry>(state.Models, StringComparer.Ordinal) { [model] = change(before) });
        }

        Changed?.Invoke();
    }

    public void Update(string model, VersionEntry version) => Update(model, entry => entry with
    {
        Versions = [.. entry.Versions.Where(v => v.Version != version.Version).Append(version).OrderBy(v => v.Version)],
    });
}
