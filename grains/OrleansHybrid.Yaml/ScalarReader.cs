using System.Globalization;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Yaml;

/// <summary>Reads one scalar as what a key takes; lists the error and returns null when it is something else.</summary>
public static class ScalarReader
{
    public static string? Text(YamlValue value, string path, TextRule rule, ErrorList errors)
    {
        if (value is YamlScalar { Kind: YamlScalarKind.Text } scalar && rule.Accepts(scalar.Text)) return scalar.Text;
        var remedy = value is YamlScalar { Kind: not (YamlScalarKind.Text or YamlScalarKind.Null) } other && rule.Accepts(other.Text) ? "Put it in quotes" : rule.Remedy;
        errors.Add(new(path, rule.Expected, Describe(value), remedy), value.Place);
        return null;
    }

    public static int? Integer(YamlValue value, string path, int min, int max, ErrorList errors) => (int?)Long(value, path, min, max, errors);

    public static long? Long(YamlValue value, string path, long min, long max, ErrorList errors)
    {
        var isInteger = value is YamlScalar { Kind: YamlScalarKind.Integer };
        if (isInteger && long.TryParse(((YamlScalar)value).Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        errors.Add(new(path, string.Create(null, $"a whole number from {min} to {max}"), Describe(value), isInteger ? "Choose one in this range" : "Write a whole number without quotes"), value.Place);
        return null;
    }

    public static double? Number(YamlValue value, string path, double min, double max, ErrorList errors)
    {
        var isNumber = value is YamlScalar { Kind: YamlScalarKind.Integer or YamlScalarKind.Number };
        if (isNumber && double.TryParse(((YamlScalar)value).Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        errors.Add(new(path, string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"), Describe(value), isNumber ? "Choose one in this range" : "Write a number without quotes"), value.Place);
        return null;
    }

    public static int? Choice(YamlValue value, string path, IReadOnlyList<string> words, ErrorList errors)
    {
        var text = (value as YamlScalar)?.Text;
        for (var i = 0; i < words.Count; i++)
        {
            if (value is YamlScalar { Kind: YamlScalarKind.Text } && words[i] == text) return i;
        }

        var remedy = text is not null && Spelling.Nearest(text, words) is { } near ? $"Did you mean '{near}'?" : "Write one of these words";
        errors.Add(new(path, $"one of {string.Join(", ", words)}", Describe(value), remedy), value.Place);
        return null;
    }

    public static bool? Flag(YamlValue value, string path, ErrorList errors)
    {
        if (value is YamlScalar { Kind: YamlScalarKind.Boolean } scalar) return bool.Parse(scalar.Text);
        errors.Add(new(path, "true or false", Describe(value), "Write one of them without quotes"), value.Place);
        return null;
    }

    /// <summary>What came, in a few words.</summary>
    public static string Describe(YamlValue value) => value switch
    {
        YamlMap => "a map",
        YamlList => "a list",
        YamlScalar { Kind: YamlScalarKind.Null } => "nothing",
        YamlScalar { Kind: YamlScalarKind.Boolean } scalar => $"the boolean {scalar.Text}",
        YamlScalar { Kind: YamlScalarKind.Integer or YamlScalarKind.Number } scalar => $"the number {ManifestText.Quote(scalar.Text).Trim('\'')}",
        YamlScalar scalar => ManifestText.Quote(scalar.Text),
        _ => "nothing",
    };
}
