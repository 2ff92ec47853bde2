using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Repository;

/// <summary>What a load of a model will do. Pure.</summary>
/// <param name="Load">Versions to load or reload, ascending.</param>
/// <param name="Drop">Versions to unload, but only after every load succeeded.</param>
/// <param name="Errors">What is wrong already; the versions of <paramref name="Load"/> are loaded all the same.</param>
internal sealed record LoadPlan(VersionPolicy Policy, IReadOnlyList<VersionFolderEntry> Load, IReadOnlyList<int> Drop, IReadOnlyList<string> Errors)
{
    /// <summary>The versions by policy, corrected by what an operator loaded or unloaded by name.</summary>
    public static LoadPlan ByPolicy(ModelFolder folder, VersionPolicy policy, IReadOnlyDictionary<int, bool> byName, ModelEntry? entry)
    {
        var available = folder.Versions.Where(v => v.WhyNot is null).Select(v => v.Number).ToList();
        var chosen = VersionPolicyRules.Override(VersionPolicyRules.Select(policy, available), byName, available);
        var errors = VersionPolicyRules.Missing(policy, available)
            .Select(v => string.Create(null, $"{folder.Name}: {RepositoryFolders.ConfigFile} names version {v}; there is no such folder. Add it, or correct version_policy.")).ToList();
        if (folder.KeptOut is { } keptOut) errors.Add($"{folder.Name}: {keptOut}");
        if (chosen.Count == 0 && errors.Count == 0) errors.Add($"{folder.Name}: every version was unloaded by name; load one by name, or unload the model and load it again.");
        var served = entry?.Versions.Where(v => v.State == VersionState.Ready).Select(v => v.Version) ?? [];
        return new LoadPlan(policy, [.. folder.Versions.Where(v => chosen.Contains(v.Number))], [.. served.Except(chosen).Order()], errors);
    }

    public static LoadPlan ByName(VersionFolderEntry version, VersionPolicy policy) => new(policy, [version], [], []);
}
