using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Gateway.Models;

/// <summary>One line of the repository's index.</summary>
/// <param name="State">Triton's word, for example <c>READY</c>; empty when unknown.</param>
internal readonly record struct IndexRow(string Name, int Version, string State, string Reason);

internal static class RepositoryIndex
{
    private static readonly string[] StateNames = ["", "LOADING", "READY", "UNLOADING", "UNAVAILABLE"];

    /// <param name="readyOnly">Leave out what is not ready.</param>
    public static IEnumerable<IndexRow> Rows(RepositoryState state, bool readyOnly)
    {
        foreach (var entry in state.Models.Values.OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            foreach (var version in entry.Versions)
            {
                if (readyOnly && version.State != VersionState.Ready) continue;
                yield return new IndexRow(entry.Name, version.Version, StateNames[(int)version.State], version.Reason);
            }
        }
    }
}
