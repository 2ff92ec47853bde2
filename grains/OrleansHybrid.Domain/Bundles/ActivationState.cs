using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Bundles;

/// <summary>What became of the versions that this place loaded. Kept on disk; replaced whole.</summary>
/// <param name="LastGood">One for each model: the version that last answered its probe.</param>
/// <param name="Marks">Loads that began and did not end.</param>
public sealed record ActivationState(IReadOnlyList<GoodVersion> LastGood, IReadOnlyList<ActivationMark> Marks, IReadOnlyList<QuarantinedVersion> Quarantined)
{
    public static ActivationState Empty { get; } = new([], [], []);

    public bool IsLastGood(ModelVersionKey version, string bundle) => LastGood.Any(g => g.Version == version && g.Bundle == bundle);

    public ActivationMark? FindMark(ModelVersionKey version, string bundle) => Marks.FirstOrDefault(m => m.Version == version && m.Bundle == bundle);

    internal ActivationState WithMark(ModelVersionKey version, ActivationMark? mark) => this with
    {
        Marks = [.. Marks.Where(m => m.Version != version).Concat(mark is null ? [] : [mark]).OrderBy(m => m.Version.ToString(), StringComparer.Ordinal)],
    };
}

/// <param name="Bundle">The content that was good: a number could be met again with other content.</param>
public sealed record GoodVersion(ModelVersionKey Version, string Bundle);

/// <param name="Starts">Process starts that began to load it.</param>
public sealed record ActivationMark(ModelVersionKey Version, string Bundle, int Starts);

/// <param name="Reason">For people: what happened and what to do.</param>
public sealed record QuarantinedVersion(ModelVersionKey Version, string Bundle, string Reason, DateTimeOffset Since);
