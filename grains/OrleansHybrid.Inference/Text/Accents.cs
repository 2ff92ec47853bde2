using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace OrleansHybrid.Inference.Text;

/// <summary>Takes accents off: canonical decomposition without nonspacing marks, from a table of our own.</summary>
/// <remarks>
/// The platform's <see cref="string.Normalize()"/> decomposes nothing where the process runs without ICU, as ours does: "café" would be an unknown word there, and the same text
/// would have another vector on a device whose app has ICU. With the table every process gives the same.
/// </remarks>
internal static class Accents
{
    private const int HangulFirst = 0xAC00, HangulLast = 0xD7A3, Leads = 0x1100, Vowels = 0x1161, Tails = 0x11A7, VowelCount = 21, TailCount = 28;

    private static readonly FrozenDictionary<int, string> Left = ReadTable();

    public static string Strip(string text)
    {
        if (Ascii.IsValid(text)) return text;
        var plain = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) Append(plain, rune);
        return plain.ToString();
    }

    private static void Append(StringBuilder plain, Rune rune)
    {
        if (rune.IsAscii) plain.Append((char)rune.Value);
        else if (rune.Value is >= HangulFirst and <= HangulLast) AppendHangul(plain, rune.Value - HangulFirst);
        else if (Left.TryGetValue(rune.Value, out var left)) plain.Append(left);
        else if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark) plain.Append(rune.ToString());
    }

    private static void AppendHangul(StringBuilder plain, int syllable)
    {
        plain.Append((char)(Leads + (syllable / (VowelCount * TailCount))));
        plain.Append((char)(Vowels + (syllable / TailCount % VowelCount)));
        if (syllable % TailCount is > 0 and var tail) plain.Append((char)(Tails + tail));
    }

    private static FrozenDictionary<int, string> ReadTable()
    {
        using var table = new StreamReader(typeof(Accents).Assembly.GetManifestResourceStream("decompositions.txt")!);
        var left = new Dictionary<int, string>();
        while (table.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            var points = line.Split(' ').Select(p => int.Parse(p, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
            left.Add(points[0], string.Concat(points.Skip(1).Select(char.ConvertFromUtf32)));
        }

        return left.ToFrozenDictionary();
    }
}
