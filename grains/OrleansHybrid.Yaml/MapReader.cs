using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Yaml;

/// <summary>Reads the keys of one map, and lists what is unknown, twice there, missing or wrong in itself. Each value is read once, by its key.</summary>
public sealed class MapReader
{
    private readonly Dictionary<string, YamlValue> values = new(StringComparer.Ordinal);
    private readonly ErrorList errors;
    private readonly string path;

    private MapReader(YamlMap map, string path, ErrorList errors, string[] known)
    {
        (this.path, this.errors) = (path, errors);
        errors.Mark(path, map.Place);
        foreach (var entry in map.Entries) Take(entry, known);
    }

    /// <summary>Null, with an error listed, when the value is no map.</summary>
    public static MapReader? From(YamlValue value, string path, ErrorList errors, params string[] known)
    {
        if (value is YamlMap map) return new MapReader(map, path, errors, known);
        errors.Mark(path, value.Place);
        errors.Add(new(path, $"a map with the keys {string.Join(", ", known)}", ScalarReader.Describe(value), "Write 'key: value' pairs"), value.Place);
        return null;
    }

    public string PathOf(string key) => path.Length == 0 ? key : $"{path}.{key}";

    public bool Has(string key) => values.ContainsKey(key);

    public string? Text(string key, TextRule rule, bool required = false) =>
        Find(key, required) is { } value ? ScalarReader.Text(value, PathOf(key), rule, errors) : null;

    public int? Integer(string key, int min, int max, bool required = false) =>
        Find(key, required) is { } value ? ScalarReader.Integer(value, PathOf(key), min, max, errors) : null;

    public long? Long(string key, long min, long max, bool required = false) =>
        Find(key, required) is { } value ? ScalarReader.Long(value, PathOf(key), min, max, errors) : null;

    public bool? Flag(string key, bool required = false) =>
        Find(key, required) is { } value ? ScalarReader.Flag(value, PathOf(key), errors) : null;

    public double? Number(string key, double min, double max, bool required = false) =>
        Find(key, required) is { } value ? ScalarReader.Number(value, PathOf(key), min, max, errors) : null;

    /// <summary>The index of the word in <paramref name="words"/>.</summary>
    public int? Choice(string key, IReadOnlyList<string> words, bool required = false) =>
        Find(key, required) is { } value ? ScalarReader.Choice(value, PathOf(key), words, errors) : null;

    public MapReader? Map(string key, string[] known, bool required = false) =>
        Find(key, required) is { } value ? From(value, PathOf(key), errors, known) : null;

    /// <summary>Texts that all follow one rule; those that do not are empty, with an error listed.</summary>
    public IReadOnlyList<string> Texts(string key, TextRule rule, int max) =>
        [.. List(key, 0, max).Select(i => ScalarReader.Text(i.Value, i.Path, rule, errors) ?? "")];

    /// <summary>A map whose keys the author chooses; null when the key is absent or holds no map.</summary>
    public IReadOnlyDictionary<string, string>? Words(string key, TextRule names, TextRule texts, int max)
    {
        if (Find(key, required: false) is not { } value) return null;
        var at = PathOf(key);
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, text) in FreeMap.Read(value, at, names, max, errors))
        {
            if (ScalarReader.Text(text, $"{at}.{name}", texts, errors) is { } word) words[name] = word;
        }

        return words;
    }

    /// <summary>The items with their key paths; empty, with an error listed, when it is no list of the right length.</summary>
    public IReadOnlyList<(YamlValue Value, string Path)> List(string key, int min, int max, bool required = false)
    {
        if (Find(key, required) is not { } value) return [];
        var at = PathOf(key);
        if (value is not YamlList list)
        {
            errors.Add(new(at, "a list", ScalarReader.Describe(value), "Write [a, b] or one '- item' a line"), value.Place);
            return [];
        }

        if (list.Items.Count < min || list.Items.Count > max)
        {
            errors.Add(new(at, min == max ? $"{min} items" : $"{min} to {max} items", $"{list.Items.Count}", "Correct the list"), value.Place);
            if (list.Items.Count > max) return [];
        }

        var items = list.Items.Select((item, i) => (Value: item, Path: string.Create(null, $"{at}[{i}]"))).ToArray();
        foreach (var item in items) errors.Mark(item.Path, item.Value.Place);
        return items;
    }

    /// <summary>Lists an error about a key that is there.</summary>
    public void Refuse(string key, string expected, string came, string remedy)
    {
        if (values.ContainsKey(key)) errors.Add(new(PathOf(key), expected, came, remedy));
    }

    private YamlValue? Find(string key, bool required)
    {
        if (values.TryGetValue(key, out var value)) return value;
        if (required) errors.Add(new(PathOf(key), "the key", "none", $"Add '{key}'"));
        return null;
    }

    private void Take(YamlEntry entry, string[] known)
    {
        if (!known.Contains(entry.Key, StringComparer.Ordinal))
        {
            var near = Spelling.Nearest(entry.Key, known);
            if (near is not null) errors.MarkUnread(PathOf(near));
            var remedy = near is null ? "Remove it" : $"Did you mean '{near}'?";
            errors.Add(new(PathOf(Short(entry.Key)), ManifestText.OneOf(known), $"the unknown key {ManifestText.Quote(entry.Key)}", remedy), entry.Place);
        }
        else if (values.TryAdd(entry.Key, entry.Value))
        {
            errors.Mark(PathOf(entry.Key), entry.Value.Place);
        }
        else
        {
            errors.Add(new(PathOf(entry.Key), "each key once", $"{ManifestText.Quote(entry.Key)} a second time", "Remove one of the two"), entry.Place, unread: false);
        }
    }

    private static string Short(string key) => ManifestText.Quote(key).Trim('\'');
}
