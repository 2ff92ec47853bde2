using System.Globalization;
using System.Text;

namespace OrleansHybrid.Inference.Text;

/// <summary>BERT's basic tokenisation: text to words with blanks between them, as the models were trained.</summary>
/// <remarks>
/// Blanks of any kind, line ends and tabs separate words; other control and format characters are dropped; every punctuation mark, every ASCII symbol and every CJK ideograph
/// is a word of its own; other symbols stay. With <c>lowerCase</c>, capitals and accents come off (<see cref="Accents"/>). The library has a step of this name, which is not used:
/// it drops line ends, so that two words become one, and symbols such as $, + and =; and what it does with accents depends on ICU.
/// </remarks>
internal static class BasicText
{
    public static string Words(string text, bool lowerCase)
    {
        var words = new StringBuilder(text.Length + 16);
        foreach (var rune in (lowerCase ? Accents.Strip(text) : text).EnumerateRunes()) Append(words, rune, lowerCase);
        return words.ToString();
    }

    private static void Append(StringBuilder words, Rune rune, bool lowerCase)
    {
        var category = Rune.GetUnicodeCategory(rune);
        if (rune.Value is '\t' or '\n' or '\r' || category is UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) words.Append(' ');
        else if (IsDropped(rune, category)) return;
        else if (IsPunctuation(rune, category) || IsIdeograph(rune.Value)) words.Append(' ').Append(rune).Append(' ');
        else words.Append(lowerCase ? Rune.ToLowerInvariant(rune) : rune);
    }

    private static bool IsDropped(Rune rune, UnicodeCategory category) => rune == Rune.ReplacementChar
        || category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned;

    private static bool IsPunctuation(Rune rune, UnicodeCategory category) => rune.IsAscii
        ? rune.Value > ' ' && !Rune.IsLetterOrDigit(rune)
        : category is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation;

    private static bool IsIdeograph(int point) => point is
        (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x2A6DF)
        or (>= 0x2A700 and <= 0x2CEAF) or (>= 0x2F800 and <= 0x2FA1F);
}
