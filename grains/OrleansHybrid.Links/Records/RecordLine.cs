using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Links.Records;

/// <summary>A line of a segment.</summary>
/// <param name="N">The record's number.</param>
/// <param name="At">When it was made.</param>
/// <param name="R">The record.</param>
internal sealed record RecordLine<T>(long N, DateTimeOffset At, T R) where T : class
{
    /// <summary>The line with its end. JSON has no raw line breaks, so each line is whole or torn, never two.</summary>
    public static byte[] Write(long number, DateTimeOffset at, T record)
    {
        var json = RecordJson.Write(new RecordLine<T>(number, at, record));
        Array.Resize(ref json, json.Length + 1);
        json[^1] = (byte)'\n';
        return json;
    }

    /// <summary>Null for a torn line, or anything else that is no record.</summary>
    public static RecordLine<T>? TryRead(ReadOnlySpan<byte> line) => RecordJson.TryRead<RecordLine<T>>(line);

    /// <summary>Each line of a segment's text, the last one first, without its end.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Backwards(ReadOnlyMemory<byte> text)
    {
        var end = text.Length;
        while (end > 0)
        {
            var start = text.Span[..end].LastIndexOf((byte)'\n') + 1;
            if (end > start) yield return text[start..end];
            end = start - 1;
        }
    }
}
