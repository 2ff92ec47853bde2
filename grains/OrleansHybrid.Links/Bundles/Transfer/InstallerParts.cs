using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Links.Bundles.Store;

namespace OrleansHybrid.Links.Bundles.Transfer;

/// <summary>What a place gives its installer.</summary>
/// <param name="Store">Recovered.</param>
/// <param name="Gate">The one that the repository asks.</param>
/// <param name="Desired">What this place should run, by the documents of now. Cheap.</param>
public sealed record InstallerParts(BundleStore Store, BundleFetcher Fetcher, IModelRepository Repository, ActivationGate Gate, Func<DesiredState> Desired, TimeProvider Clock)
{
    /// <summary>Asks a version that was loaded and warmed up whether it answers: null, or why it does not. Null: the warm-up run of the load is the probe.</summary>
    public Func<ModelVersionKey, CancellationToken, ValueTask<string?>>? Probe { get; init; }

    /// <summary>Null: nothing is written down.</summary>
    public IAuditLog? Audit { get; init; }

    /// <summary>Told what an operator may want to know, one sentence each.</summary>
    public Action<string> Notice { get; init; } = static _ => { };

    /// <summary>Files that others will ask this place for: fetched after its own versions, never loaded.</summary>
    public Func<IReadOnlyList<WantedFiles>> Others { get; init; } = static () => [];

    /// <summary>Bundles and files that the collector keeps, besides those of this place's own versions and of <see cref="Others"/>.</summary>
    public Func<IEnumerable<string>> Keep { get; init; } = static () => [];

    /// <summary>Of the jitter.</summary>
    public int Seed { get; init; }
}

/// <summary>Files of a version.</summary>
public sealed record WantedFiles(string Model, CatalogueVersion Version, IReadOnlyList<CatalogueFile> Files)
{
    internal IEnumerable<string> Digests => Files.Select(f => f.Blob.Digest).Append(Version.Signature.Digest).Append(Version.Bundle);
}
