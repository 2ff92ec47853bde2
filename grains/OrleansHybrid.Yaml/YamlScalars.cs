using System.Text.RegularExpressions;

namespace OrleansHybrid.Yaml;

/// <summary>YAML 1.2's core schema for plain scalars: so <c>no</c> is text, and editors with the JSON Schema see the same as we do.</summary>
internal static partial class YamlScalars
{
    public static YamlScalarKind KindOf(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => YamlScalarKind.Null,
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => YamlScalarKind.Boolean,
        _ when Integer().IsMatch(text) => YamlScalarKind.Integer,
        _ when Number().IsMatch(text) => YamlScalarKind.Number,
        _ => YamlScalarKind.Text,
    };

    [GeneratedRegex(@"^[-+]?[0-9]+\z", RegexOptions.NonBacktracking)]
    private static partial Regex Integer();

    [GeneratedRegex(@"^([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z", RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
