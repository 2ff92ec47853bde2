using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;

namespace OrleansHybrid.Gateway.Answers;

/// <summary>A growing pooled buffer that answers are composed in, with the few JSON writers that the hot path needs.</summary>
internal sealed class AnswerBuffer : IBufferWriter<byte>, IDisposable
{
    private const int FirstBytes = 2048;
    private const int NumberBytesMax = 40;

    /// <summary>One character becomes at most <c>\uXXXX</c>.</summary>
    private const int EscapedBytesMax = 6;
    private const int ChunkBytes = 64 << 10;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);

    public int Count { get; private set; }

    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, Count);

    public void Advance(int count) => Count += count;

    public void Clear() => Count = 0;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return buffer.AsMemory(Count);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return buffer.AsSpan(Count);
    }

    /// <summary>Bytes already written, to be changed.</summary>
    public Span<byte> Patch(int start, int length) => buffer.AsSpan(start, length);

    public void Raw(ReadOnlySpan<byte> utf8)
    {
        Reserve(utf8.Length);
        utf8.CopyTo(buffer.AsSpan(Count));
        Count += utf8.Length;
    }

    public void Raw(byte one)
    {
        Reserve(1);
        buffer[Count++] = one;
    }

    public void Number<T>(T value)
        where T : IUtf8SpanFormattable
    {
        Reserve(NumberBytesMax);
        value.TryFormat(buffer.AsSpan(Count), out var written, default, CultureInfo.InvariantCulture);
        Count += written;
    }

    /// <summary>A quoted, escaped string.</summary>
    public void Text(ReadOnlySpan<char> text)
    {
        Reserve((text.Length * EscapedBytesMax) + 2);
        Raw((byte)'"');
        foreach (var c in text)
        {
            if (c is >= ' ' and < (char)127 and not ('"' or '\\')) continue;
            Escaped(text);
            Raw((byte)'"');
            return;
        }

        Count += System.Text.Encoding.UTF8.GetBytes(text, buffer.AsSpan(Count));
        Raw((byte)'"');
    }

    /// <summary>A quoted, escaped string of text that is known to be UTF-8.</summary>
    public void Text(ReadOnlySpan<byte> utf8)
    {
        Raw((byte)'"');
        while (utf8.Length > 0)
        {
            Reserve((Math.Min(utf8.Length, ChunkBytes) * EscapedBytesMax) + EscapedBytesMax);
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(utf8, buffer.AsSpan(Count), out var consumed, out var written);
            Count += written;
            utf8 = utf8[consumed..];
        }

        Raw((byte)'"');
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    private void Escaped(ReadOnlySpan<char> text)
    {
        var utf8 = System.Text.Encoding.UTF8.GetBytes(text.ToArray());
        JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(utf8, GetSpan((utf8.Length * EscapedBytesMax) + 2), out _, out var written);
        Count += written;
    }

    private void Reserve(int bytes)
    {
        if (buffer.Length - Count >= bytes) return;
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(buffer.Length * 2L, Count + (long)bytes)));
        buffer.AsSpan(0, Count).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
