using System.Collections.Concurrent;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Links.Bundles.Store;

namespace OrleansHybrid.Links.Bundles.Transfer;

/// <summary>Which versions of the bundle store a repository may load: the last good ones, and those whose load was marked.</summary>
/// <remarks>So no start loads a version that may have killed the last one without counting it. Hand <see cref="WhyNot"/> and <see cref="Choose"/> to the repository.</remarks>
public sealed class ActivationGate(BundleStore store, Zone zone)
{
    private readonly ConcurrentDictionary<ModelVersionKey, string> admitted = new();

    /// <summary>Why a version in the store's repository must not be loaded; null: it may.</summary>
    public string? WhyNot(ModelVersionKey version)
    {
        if (store.WhyNot(version) is { } held) return held;
        var bundle = store.BundleOf(version) ?? "";
        if (store.Activations.State.IsLastGood(version, bundle) || (admitted.TryGetValue(version, out var marked) && marked == bundle)) return null;
        return "it waits until the documents ask for it";
    }

    /// <summary>The variant whose files are in the store's repository; the zone's first for a version that is not from there. -1: none.</summary>
    public int Choose(ModelVersionKey version, IReadOnlyList<VariantConfig> variants)
    {
        var folder = Path.Combine(store.RepositoryRoot, version.Model, string.Create(null, $"{version.Version}"));
        var managed = Directory.Exists(folder);
        for (var i = 0; i < variants.Count; i++)
        {
            if (variants[i].Zones.Contains(zone) && (!managed || (variants[i].File is { } file && File.Exists(Path.Combine(folder, file))))) return i;
        }

        return -1;
    }

    internal void Admit(ModelVersionKey version, string bundle) => admitted[version] = bundle;

    internal void Withdraw(ModelVersionKey version) => admitted.TryRemove(version, out _);
}
