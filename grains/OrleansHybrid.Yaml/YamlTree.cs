using System.Text;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using YamlDotNet.Core;

namespace OrleansHybrid.Yaml;

/// <summary>Reads one YAML document into values with places, in bounded time, memory and stack whatever the bytes are.</summary>
/// <remarks>
/// Aliases, tags and further documents are refused: a manifest has no use for them, and each is a way to make small files large or strange.
/// Depth and number of values are bounded by <see cref="Limits.ManifestDepthMax"/> and what the kind of file may hold.
/// </remarks>
public static class YamlTree
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The root value, or the one error because of which there is none.</summary>
    public static (YamlValue? Root, ManifestError? Error) Read(ReadOnlySpan<byte> bytes, int nodesMax = Limits.ManifestNodesMax)
    {
        if (bytes.Length > Limits.ManifestBytesMax)
        {
            return (null, new("", $"at most {Limits.ManifestBytesMax} bytes", $"{bytes.Length} bytes", "Keep data out of this file"));
        }

        try
        {
            var text = StrictUtf8.GetString(bytes);
            return FindBinary(text) is { } binary ? (null, binary) : Parse(text, nodesMax);
        }
        catch (DecoderFallbackException)
        {
            return (null, new("", "UTF-8 text", "bytes that are no UTF-8", "Save the file as UTF-8"));
        }
    }

    private static ManifestError? FindBinary(string text)
    {
        var (line, column) = (1, 1);
        foreach (var c in text)
        {
            if (char.IsControl(c) && c is not ('\n' or '\r' or '\t'))
            {
                return new("", "text", string.Create(null, $"the control character U+{(int)c:X4}"), "Is this a binary file under a wrong name?") { Line = line, Column = column };
            }

            (line, column) = c == '\n' ? (line + 1, 1) : (line, column + 1);
        }

        return null;
    }

    private static (YamlValue? Root, ManifestError? Error) Parse(string text, int nodesMax)
    {
        var reader = new YamlTreeReader(new Parser(new StringReader(text)), nodesMax);
        try
        {
            return (reader.ReadDocument(), null);
        }
        catch (YamlRefusedException refused)
        {
            return (null, refused.Error);
        }
        catch (YamlException wrong)
        {
            // The parser repeats its mark in the message of nested errors; the place is ours to give.
            var error = new ManifestError("", "YAML", ManifestText.Quote(wrong.Message), "Correct the syntax at this place");
            return (null, error with { Line = (int)wrong.Start.Line, Column = (int)wrong.Start.Column });
        }
        catch (Exception bug) when (bug is not OutOfMemoryException)
        {
            // The parser throws other exceptions for some broken texts, as for a plain word that runs on in an open list.
            return (null, new("", "YAML", "text that cannot be parsed", "Correct the syntax after this place") { Line = reader.Reached.Line, Column = reader.Reached.Column });
        }
    }
}
