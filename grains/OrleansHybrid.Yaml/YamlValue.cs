namespace OrleansHybrid.Yaml;

/// <summary>A place in a file, counted from 1.</summary>
public readonly record struct TextPlace(int Line, int Column);

/// <summary>One value of a YAML file, with its place.</summary>
public abstract record YamlValue(TextPlace Place);

/// <param name="Kind">What the text is by YAML 1.2's core schema; quoted text is always text.</param>
public sealed record YamlScalar(string Text, YamlScalarKind Kind, TextPlace Place) : YamlValue(Place);

public sealed record YamlList(IReadOnlyList<YamlValue> Items, TextPlace Place) : YamlValue(Place);

/// <summary>Keys in the order of the file; a key that comes twice is here twice.</summary>
public sealed record YamlMap(IReadOnlyList<YamlEntry> Entries, TextPlace Place) : YamlValue(Place);

public sealed record YamlEntry(string Key, TextPlace Place, YamlValue Value);

public enum YamlScalarKind
{
    Text,
    Null,
    Boolean,
    Integer,
    Number,
}
