using System.Text;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Repository;

/// <summary>Checks a vocabulary: UTF-8, one token a line, each once, with the tokens that the step itself needs. A token's id is its line, so a line too many would shift all that follow.</summary>
internal static class VocabularyReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public static VocabularyFile Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var text = StrictUtf8.GetString(bytes.Span);
            return new VocabularyFile(bytes, FindError((text.EndsWith('\n') ? text[..^1] : text).Split('\n')));
        }
        catch (DecoderFallbackException)
        {
            return new VocabularyFile(bytes, "it is no UTF-8 text");
        }
    }

    private static string? FindError(string[] lines)
    {
        if (lines.Length > Limits.VocabularyTokensMax) return $"it has {lines.Length} lines, more than {Limits.VocabularyTokensMax}";
        var first = new Dictionary<string, int>(lines.Length, StringComparer.Ordinal);
        for (var i = 0; i < lines.Length; i++)
        {
            var token = lines[i].EndsWith('\r') ? lines[i][..^1] : lines[i];
            if (token.Length == 0) return $"line {i + 1} is empty";
            if (token.Length > Limits.NameCharsMax) return $"line {i + 1} has more than {Limits.NameCharsMax} characters";
            if (token.Any(char.IsControl)) return $"line {i + 1} holds a control character";
            if (!first.TryAdd(token, i + 1)) return $"line {i + 1} repeats the token of line {first[token]}";
        }

        return WordPieceSettings.SpecialTokens.FirstOrDefault(t => !first.ContainsKey(t)) is { } missing ? $"it has no token {missing}" : null;
    }
}
