using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Bundles;

/// <summary>Which versions may be loaded here, from what became of them before. Pure: the caller persists what comes back before it acts.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>A load is marked before it begins and unmarked when it ended, well or with a reason. A mark that is found at a start means that the process died in between.</item>
/// <item>A version that <see cref="Limits.ActivationStartsMax"/> starts began and none ended is quarantined.</item>
/// <item>The last good version is never quarantined: it served before, so what kills the process lies elsewhere.</item>
/// <item>Other content under the same version number starts with a clean sheet.</item>
/// </list>
/// </remarks>
public static class ActivationRules
{
    /// <summary>Marks a load that is about to begin. The mark counts starts, so a process counts once.</summary>
    /// <param name="thisStart">This process marked it before.</param>
    public static ActivationState Begin(ActivationState state, ModelVersionKey version, string bundle, bool thisStart)
    {
        if (state.IsLastGood(version, bundle)) return state;
        var starts = state.FindMark(version, bundle)?.Starts ?? 0;
        return state.WithMark(version, new ActivationMark(version, bundle, thisStart && starts > 0 ? starts : starts + 1));
    }

    /// <summary>The version answered its probe: it is the last good one from now on.</summary>
    public static ActivationState Succeeded(ActivationState state, ModelVersionKey version, string bundle) =>
        Ended(state, version) with
        {
            LastGood = [.. state.LastGood.Where(g => g.Version.Model != version.Model).Append(new GoodVersion(version, bundle)).OrderBy(g => g.Version.Model, StringComparer.Ordinal)],
            Quarantined = [.. state.Quarantined.Where(q => q.Version != version)],
        };

    /// <summary>The load ended without success and without harm: it may be tried again.</summary>
    public static ActivationState Ended(ActivationState state, ModelVersionKey version) => state.WithMark(version, null);

    /// <summary>Keeps a version from being loaded until it is released.</summary>
    public static ActivationState Quarantine(ActivationState state, ModelVersionKey version, string bundle, string reason, DateTimeOffset now)
    {
        if (state.IsLastGood(version, bundle)) return Ended(state, version);
        return Ended(state, version) with
        {
            Quarantined = [.. state.Quarantined.Where(q => q.Version != version).Append(new QuarantinedVersion(version, bundle, reason, now)).OrderBy(q => q.Version.ToString(), StringComparer.Ordinal)],
        };
    }

    public static ActivationState Release(ActivationState state, ModelVersionKey version) =>
        Ended(state, version) with { Quarantined = [.. state.Quarantined.Where(q => q.Version != version)] };

    /// <summary>A process' start: versions whose marks are too many are quarantined.</summary>
    public static ActivationState AtStart(ActivationState state, DateTimeOffset now) => state.Marks
        .Where(m => m.Starts >= Limits.ActivationStartsMax)
        .Aggregate(state, (current, m) => Quarantine(
            current, m.Version, m.Bundle, $"the process ended {m.Starts} times while {m.Version} was being loaded, and the version never answered. Publish a corrected one, or release this one.", now));

    /// <summary>Why a version is not loaded here; null when it may be.</summary>
    public static string? WhyNot(ActivationState state, ModelVersionKey version, string bundle) =>
        state.Quarantined.FirstOrDefault(q => q.Version == version && q.Bundle == bundle) is { } held ? $"quarantined: {held.Reason}" : null;

    /// <summary>What a start loads of a model: the desired versions that may be loaded, or else the last good one.</summary>
    public static IReadOnlyList<GoodVersion> Choose(ActivationState state, string model, IReadOnlyList<GoodVersion> desired)
    {
        var allowed = desired.Where(d => WhyNot(state, d.Version, d.Bundle) is null).ToList();
        return allowed.Count > 0 ? allowed : [.. state.LastGood.Where(g => g.Version.Model == model)];
    }
}
