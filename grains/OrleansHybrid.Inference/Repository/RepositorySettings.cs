using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Repository;

/// <summary>Where one silo's models are and how they are loaded.</summary>
/// <param name="Roots">The folders of <c>--models</c>, in their order.</param>
/// <param name="Zone">This silo's zone: the first variant in the manifest's order that lists it is loaded, no other.</param>
/// <param name="DataFolder">The silo's own folder (0700), under which sealed copies are kept.</param>
public sealed record RepositorySettings(IReadOnlyList<string> Roots, Zone Zone, string DataFolder)
{
    /// <summary>Models that are read and warmed up at once at the start.</summary>
    public int ParallelLoads { get; init; } = Math.Max(2, Environment.ProcessorCount);

    /// <summary>Told what an operator may want to know and what is no error, one sentence each. Called from any thread.</summary>
    public Action<string> Notice { get; init; } = static _ => { };

    /// <summary>Which variant of a version is loaded; null: the first that lists <see cref="Zone"/>. Called from any thread, once a load.</summary>
    public ChooseVariant? Choose { get; init; }

    /// <summary>The root of the bundle store; null: there is none.</summary>
    public ManagedRepository? Managed { get; init; }

    /// <summary>Reads the versions' probes; null: they are hashed like every file and not asked.</summary>
    public IProbeReader? Probes { get; init; }

    /// <summary>The publishers' keys; asked at each load, they may change. Called from any thread.</summary>
    public Func<IReadOnlyList<PublisherKey>> Trusted { get; init; } = static () => [];

    /// <summary>Only versions that a trusted key signed are served (<c>--trust signed</c>).</summary>
    public bool RequireSignature { get; init; }
}
