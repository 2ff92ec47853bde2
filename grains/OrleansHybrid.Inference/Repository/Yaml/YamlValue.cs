namespace OrleansHybrid.Inference.Repository.Yaml;

/// <summary>A place in a file, counted from 1.</summary>
internal readonly record struct TextPlace(int Line, int Column);

/// <summary>One value of a YAML file, with its place.</summary>
internal abstract record YamlValue(TextPlace Place);

/// <param name="Kind">What the text is by YAML 1.2's core schema; quoted text is always text.</param>
internal sealed record YamlScalar(string Text, YamlScalarKind Kind, TextPlace Place) : YamlValue(Place);

internal sealed record YamlList(IReadOnlyList<YamlValue> Items, TextPlace Place) : YamlValue(Place);

/// <summary>Keys in the order of the file; a key that comes twice is here twice.</summary>
internal sealed record YamlMap(IReadOnlyList<YamlEntry> Entries, TextPlace Place) : YamlValue(Place);

internal sealed record YamlEntry(string Key, TextPlace Place, YamlValue Value);

internal enum YamlScalarKind
{
    Text,
    Null,
    Boolean,
    Integer,
    Number,
}
