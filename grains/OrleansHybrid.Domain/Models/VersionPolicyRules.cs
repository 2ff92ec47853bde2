namespace OrleansHybrid.Domain.Models;

/// <summary>Which versions of a model are served. Pure.</summary>
public static class VersionPolicyRules
{
    /// <summary>The versions to serve of those that are there, ascending. A specific version that is not there is left out: see <see cref="Missing"/>.</summary>
    public static IReadOnlyList<int> Select(VersionPolicy policy, IEnumerable<int> available) => policy.Kind switch
    {
        VersionPolicyKind.Latest => [.. available.OrderDescending().Take(policy.Latest).Order()],
        VersionPolicyKind.Specific => [.. available.Intersect(policy.Specific).Order()],
        _ => [.. available.Order()],
    };

    /// <summary>The versions that the policy names and that are not there, ascending.</summary>
    public static IReadOnlyList<int> Missing(VersionPolicy policy, IEnumerable<int> available) =>
        policy.Kind == VersionPolicyKind.Specific ? [.. policy.Specific.Except(available).Order()] : [];

    /// <summary>The policy's choice after an operator's: a version loaded by name stays, one unloaded by name stays away.</summary>
    /// <param name="byName">True: loaded by name; false: unloaded by name.</param>
    public static IReadOnlyList<int> Override(IReadOnlyList<int> selected, IReadOnlyDictionary<int, bool> byName, IEnumerable<int> available) =>
        [.. available.Where(v => byName.TryGetValue(v, out var load) ? load : selected.Contains(v)).Order()];
}
