using System.Text;
using OrleansHybrid.Gateway.Answers;

namespace OrleansHybrid.Gateway.Rpc;

/// <summary>Writes protobuf fields into an answer's buffer.</summary>
internal static class ProtoWriter
{
    public static void Varint(AnswerBuffer buffer, ulong value)
    {
        var span = buffer.GetSpan(10);
        var i = 0;
        for (; value >= 0x80; value >>= 7) span[i++] = (byte)(value | 0x80);
        span[i++] = (byte)value;
        buffer.Advance(i);
    }

    public static int VarintBytes(ulong value)
    {
        var bytes = 1;
        for (; value >= 0x80; value >>= 7) bytes++;
        return bytes;
    }

    public static void Tag(AnswerBuffer buffer, int field, int wire) => Varint(buffer, ((ulong)field << 3) | (uint)wire);

    public static void Text(AnswerBuffer buffer, int field, string text)
    {
        Tag(buffer, field, ProtoReader.BytesWire);
        Varint(buffer, (ulong)Encoding.UTF8.GetByteCount(text));
        buffer.Advance(Encoding.UTF8.GetBytes(text, buffer.GetSpan((text.Length * 3) + 1)));
    }

    /// <summary>Begins a nested message; its length is put in by <see cref="End"/>.</summary>
    public static int Begin(AnswerBuffer buffer, int field)
    {
        Tag(buffer, field, ProtoReader.BytesWire);
        buffer.Raw((byte)0);
        return buffer.Count;
    }

    public static void End(AnswerBuffer buffer, int begin)
    {
        var length = buffer.Count - begin;
        var extra = VarintBytes((ulong)length) - 1;
        if (extra > 0)
        {
            buffer.GetSpan(extra);
            buffer.Advance(extra);
            buffer.Patch(begin, length).CopyTo(buffer.Patch(begin + extra, length));
        }

        var target = buffer.Patch(begin - 1, extra + 1);
        var value = (ulong)length;
        for (var i = 0; i <= extra; i++, value >>= 7) target[i] = (byte)((value & 0x7F) | (i < extra ? 0x80UL : 0));
    }
}
