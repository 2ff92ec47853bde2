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
        if (Spelling.Nearest(model, names) is { } near) return $"Model '{model}' was not found. Did you mean '{near}'?";
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
}
