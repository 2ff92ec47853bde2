using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Inference.Repository;

namespace OrleansHybrid.Client;

/// <summary>The root of a node's bundle store, as the client's repository reads it.</summary>
/// <param name="Repository">Its versions are always verified, and hold the files of one variant.</param>
/// <param name="Trusted">The publishers' keys; asked at each load.</param>
internal sealed record ManagedModels(ManagedRepository Repository, Func<IReadOnlyList<PublisherKey>> Trusted)
{
    public bool Has(ModelVersionKey version) => Directory.Exists(FolderOf(version));

    public bool Holds(ModelVersionKey version, string file) => File.Exists(Path.Combine(FolderOf(version), file));

    private string FolderOf(ModelVersionKey version) => Path.Combine(Repository.Root, version.Model, version.Version.ToString(System.Globalization.CultureInfo.InvariantCulture));
}
