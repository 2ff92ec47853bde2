using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Helpful texts about models and versions that are not there.</summary>
internal static class CatalogueText
{
    private const int NamesShownMax = 10;

    public static string NoModel(ZoneSnapshot snapshot, string model)
    {
        var names = snapshot.ModelNames.Order(StringComparer.Ordinal).ToArray();
        if (names.Length == 0) return $"Model '{model}' was not found: cell '{snapshot.Inputs.Cell}' has no models. Add a repository with --models.";
        var close = names.Select(name => (name, away: Distance(name, model))).OrderBy(x => x.away).First();
        if (close.away <= Math.Max(1, model.Length / 3)) return $"Model '{model}' was not found. Did you mean '{close.name}'?";
        var more = names.Length > NamesShownMax ? $" and {names.Length - NamesShownMax} more" : "";
        return $"Model '{model}' was not found. Cell '{snapshot.Inputs.Cell}' has {string.Join(", ", names.Take(NamesShownMax))}{more}.";
    }

    public static string NoVersion(ZoneSnapshot snapshot, string model, int version)
    {
        var versions = snapshot.Find(model)!.Entry.Versions;
        var known = versions.Count == 0 ? "none" : string.Join(", ", versions.Select(v => $"{v.Version} ({v.State.ToString().ToLowerInvariant()})"));
        return $"Model '{model}' has no version {version}. It has {known}. Ask for one of them, or leave the version out for the default.";
    }

    public static string NotReady(ZoneSnapshot snapshot, string model, int? version)
    {
        var entry = snapshot.Find(model)!.Entry;
        var shown = version is { } wanted ? entry.Find(wanted) : entry.Default ?? entry.Versions.LastOrDefault();
        if (shown is null) return $"Model '{model}' has no versions. Add a version folder and load the model.";
        if (shown.State == VersionState.Ready) return $"Model '{model}' version {shown.Version} is not loaded on any silo of cell '{snapshot.Inputs.Cell}' that can be reached. Load it, or try again.";
        return $"Model '{model}' version {shown.Version} is {shown.State.ToString().ToLowerInvariant()}, not ready. The repository index states why.";
    }

    /// <summary>Edit distance: insertions, deletions and replacements.</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
