using System.Text;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;

namespace OrleansHybrid.Inference.Repository;

/// <summary>Reads a file of labels: UTF-8, one a line, the last line's end optional.</summary>
internal static class LabelsReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public static LabelsFile Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = StrictUtf8.GetString(bytes);
            var lines = text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n').Select(l => l.TrimEnd('\r')).ToArray();
            return FindError(lines) is { } error ? new LabelsFile([], error) : new LabelsFile(lines, null);
        }
        catch (DecoderFallbackException)
        {
            return new LabelsFile([], "it is no UTF-8 text");
        }
    }

    private static string? FindError(string[] lines)
    {
        if (lines.Length > Limits.LabelsMax) return $"it has {lines.Length} lines, more than {Limits.LabelsMax}";
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Trim().Length == 0) return $"line {i + 1} is empty";
            if (lines[i].Length > Limits.NameCharsMax) return $"line {i + 1} has more than {Limits.NameCharsMax} characters";
            if (lines[i].Any(char.IsControl)) return $"line {i + 1} holds a control character";
        }

        return null;
    }
}
