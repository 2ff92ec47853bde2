using System.Text.RegularExpressions;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Yaml;

/// <summary>What a text may be. The JSON Schema states the same patterns and lengths.</summary>
public sealed partial class TextRule(string expected, string remedy, int charsMax, Func<Regex>? pattern = null)
{

    /// <summary>A model or variant: part of keys, URLs and metrics.</summary>
    public static TextRule Name { get; } = new(
        $"a name of letters, digits, '.', '_' and '-' that begins with a letter, digit or '_', at most {Limits.NameCharsMax} characters", "Choose such a name", Limits.NameCharsMax, NameRegex);

    /// <summary>A file of the version's own folder.</summary>
    public static TextRule FileName { get; } = new(
        $"a plain file name of the version's folder: letters, digits, '.', '_' and '-', no folders, at most {Limits.NameCharsMax} characters", "Put the file into the version's folder and name it alone", Limits.NameCharsMax, NameRegex);

    /// <summary>A tensor: whatever the graph calls it.</summary>
    public static TextRule TensorName { get; } = new(
        $"the tensor's name in the graph, at most {Limits.NameCharsMax} characters", "Write the name as the graph has it", Limits.NameCharsMax, TensorNameRegex);

    public static TextRule AnyText { get; } = new(
        $"text of at most {Limits.DescriptionCharsMax} characters", "Write a sentence", Limits.DescriptionCharsMax, AnyTextRegex);

    public static TextRule Licence { get; } = new(
        $"a licence, best as an SPDX identifier such as Apache-2.0, at most {Limits.DescriptionCharsMax} characters", "State under what terms the model may be used", Limits.DescriptionCharsMax, AnyTextRegex);

    public string Expected { get; } = expected;

    public string Remedy { get; } = remedy;

    public bool Accepts(string text) => text.Length > 0 && text.Length <= charsMax && (pattern is null || pattern().IsMatch(text));

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9._-]*\z", RegexOptions.NonBacktracking)]
    private static partial Regex NameRegex();

    [GeneratedRegex(@"^[^\u0000-\u001f\u007f]+\z", RegexOptions.NonBacktracking)]
    private static partial Regex TensorNameRegex();

    [GeneratedRegex(@"\S", RegexOptions.NonBacktracking)]
    private static partial Regex AnyTextRegex();
}
