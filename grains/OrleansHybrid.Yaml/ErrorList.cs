using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Yaml;

/// <summary>Collects every error of one file and gives each its place.</summary>
public sealed class ErrorList
{
    private readonly List<ManifestError> errors = [];
    private readonly HashSet<string> unread = new(StringComparer.Ordinal);

    /// <summary>The paths of <see cref="unread"/> and of all that holds them.</summary>
    private readonly HashSet<string> holes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TextPlace> places = new(StringComparer.Ordinal);

    public int Count => errors.Count;

    /// <summary>Remembers where a key path is, for errors that are found later.</summary>
    public void Mark(string path, TextPlace place) => places.TryAdd(path, place);

    /// <param name="unread">False when the value was read all the same, as the first of two equal keys is.</param>
    public void Add(ManifestError error, TextPlace place, bool unread = true)
    {
        errors.Add(error with { Line = place.Line, Column = place.Column });
        if (unread) MarkUnread(error.Path);
    }

    /// <summary>What would stand at the path is there, but could not be read.</summary>
    public void MarkUnread(string path)
    {
        unread.Add(path);
        for (var at = path; at.Length > 0 && holes.Add(at); at = Above(at)) { }
    }

    /// <summary>Adds an error that knows its key path alone. A key that is missing gets the place of what should hold it.</summary>
    public void Add(ManifestError error) => Add(error, Find(error.Path));

    /// <summary>Whether a value could not be read at this key path, above it or below it.</summary>
    public bool Covers(string path)
    {
        if (holes.Contains(path)) return true;
        for (var at = path; at.Length > 0; at = Above(at))
        {
            if (unread.Contains(at)) return true;
        }

        return false;
    }

    /// <summary>In the order of the file, at most <see cref="Limits.ManifestErrorsMax"/> of them.</summary>
    public IReadOnlyList<ManifestError> ToList() =>
        [.. errors.OrderBy(e => e.Line).ThenBy(e => e.Column).ThenBy(e => e.Path, StringComparer.Ordinal).Take(Limits.ManifestErrorsMax)];

    /// <summary>One line for each, and one that counts those left out.</summary>
    public IReadOnlyList<string> Render(string file)
    {
        var lines = ToList().Select(e => e.Render(file)).ToList();
        if (errors.Count > lines.Count) lines.Add(string.Create(null, $"{file}: and {errors.Count - lines.Count} more errors. Correct these first."));
        return lines;
    }

    private TextPlace Find(string path)
    {
        for (var at = path; at.Length > 0; at = Above(at))
        {
            if (places.TryGetValue(at, out var place)) return place;
        }

        return places.GetValueOrDefault("", new TextPlace(1, 1));
    }

    private static string Above(string path) => path[..Math.Max(path.LastIndexOfAny(['.', '[']), 0)];
}
