using System.Globalization;
using System.Text;

namespace OrleansHybrid.Yaml;

/// <summary>Writes scalars so that <see cref="YamlTree"/> reads back the same text or number.</summary>
public static class YamlText
{
    private const string PlainMarks = "_./-";

    /// <summary>Plain where no reader could take it for anything else; otherwise in double quotes, where each unseen character is escaped.</summary>
    public static string Of(string text) => IsPlain(text) ? text : Quoted(text);

    public static string Of(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    public static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool IsPlain(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text[^1] != ' ' && text.All(c => char.IsAsciiLetterOrDigit(c) || c == ' ' || PlainMarks.Contains(c))
        && YamlScalars.KindOf(text) == YamlScalarKind.Text;

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (c is '"' or '\\') quoted.Append('\\').Append(c);
            else if (c is >= ' ' and < '\u007f' || char.IsLetterOrDigit(c)) quoted.Append(c);
            else if (char.IsSurrogate(c)) quoted.Append(c);
            else quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
        }

        return quoted.Append('"').ToString();
    }
}
