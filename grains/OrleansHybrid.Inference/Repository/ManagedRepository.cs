using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Repository;

/// <summary>A root that a bundle store fills: its versions are always verified, hold only the files of the variant that this place runs, and replace versions of the same number in plain roots.</summary>
/// <param name="Root">In Triton's layout.</param>
public sealed record ManagedRepository(string Root)
{
    /// <summary>Sizes in bytes of a signed root digest's files, for those that are not here; empty when they are not known, and 0 is shown. Called from any thread.</summary>
    public Func<string, IReadOnlyDictionary<string, long>> Sizes { get; init; } = static _ => new Dictionary<string, long>();

    /// <summary>Why a version must not be loaded (it is quarantined, say); null: it may. Called from any thread.</summary>
    public Func<ModelVersionKey, string?> WhyNot { get; init; } = static _ => null;
}
