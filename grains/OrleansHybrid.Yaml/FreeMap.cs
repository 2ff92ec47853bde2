using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Yaml;

/// <summary>Reads a map whose keys the author chooses, such as tags.</summary>
public static class FreeMap
{
    /// <summary>Entries whose key is right and there once; the others are listed as errors.</summary>
    public static IReadOnlyList<(string Key, YamlValue Value)> Read(YamlValue value, string path, TextRule keys, int max, ErrorList errors)
    {
        if (value is not YamlMap map)
        {
            errors.Add(new(path, "a map", ScalarReader.Describe(value), "Write 'key: value' pairs"), value.Place);
            return [];
        }

        if (map.Entries.Count > max)
        {
            errors.Add(new(path, string.Create(null, $"at most {max} keys"), $"{map.Entries.Count}", "Remove some"), value.Place);
            return [];
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. map.Entries.Where(e => Takes(e, path, keys, seen, errors)).Select(e => (e.Key, e.Value))];
    }

    private static bool Takes(YamlEntry entry, string path, TextRule keys, HashSet<string> seen, ErrorList errors)
    {
        var at = $"{path}.{ManifestText.Quote(entry.Key).Trim('\'')}";
        if (!keys.Accepts(entry.Key)) errors.Add(new(at, keys.Expected, ManifestText.Quote(entry.Key), keys.Remedy), entry.Place);
        else if (!seen.Add(entry.Key)) errors.Add(new(at, "each key once", $"{ManifestText.Quote(entry.Key)} a second time", "Remove one of the two"), entry.Place, unread: false);
        else
        {
            errors.Mark(at, entry.Value.Place);
            return true;
        }

        return false;
    }
}
