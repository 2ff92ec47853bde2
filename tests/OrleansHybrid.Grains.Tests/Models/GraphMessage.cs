using System.Text;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>Writes one protobuf message; what it writes may be wrong on purpose.</summary>
internal sealed class GraphMessage
{
    private readonly MemoryStream stream = new();

    public GraphMessage Number(int field, long value) => Tag(field, 0).Varint((ulong)value);

    public GraphMessage Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public GraphMessage Message(int field, GraphMessage value) => Bytes(field, value.ToArray());

    public GraphMessage Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, 2).Varint((ulong)value.Length);
        stream.Write(value);
        return this;
    }

    public GraphMessage Single(int field, float value)
    {
        Tag(field, 5);
        stream.Write(BitConverter.GetBytes(value));
        return this;
    }

    public GraphMessage Raw(params byte[] bytes)
    {
        stream.Write(bytes);
        return this;
    }

    public byte[] ToArray() => stream.ToArray();

    private GraphMessage Tag(int field, int wire) => Varint(((ulong)field << 3) | (uint)wire);

    private GraphMessage Varint(ulong value)
    {
        while (value >= 0x80)
        {
            stream.WriteByte((byte)(value | 0x80));
            value >>= 7;
        }

        stream.WriteByte((byte)value);
        return this;
    }
}
