using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace OrleansHybrid.Gateway.Rpc;

/// <summary>Reads the fields of one protobuf message without copying: length-delimited values are slices of the message.</summary>
/// <remarks>A method that returns false for a broken message leaves <see cref="Malformed"/> set.</remarks>
internal ref struct ProtoReader(ReadOnlySequence<byte> message)
{
    public const int VarintWire = 0, Fixed64Wire = 1, BytesWire = 2, Fixed32Wire = 5;

    private SequenceReader<byte> reader = new(message);

    public bool Malformed { get; private set; }

    public readonly bool AtEnd => reader.End;

    /// <summary>The next field's number and wire type; false at the end.</summary>
    public bool Next(out int field, out int wire)
    {
        (field, wire) = (0, 0);
        if (reader.End || !Varint(out var tag)) return false;
        field = (int)(tag >> 3);
        wire = (int)(tag & 7);
        return (tag >> 3) is > 0 and < 1 << 29 || Broken();
    }

    public bool Varint(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (!reader.TryRead(out var part)) return Broken();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return true;
        }

        return Broken();
    }

    public bool Fixed32(out uint value)
    {
        var ok = reader.TryReadLittleEndian(out int bits);
        value = (uint)bits;
        return ok || Broken();
    }

    public bool Fixed64(out ulong value)
    {
        var ok = reader.TryReadLittleEndian(out long bits);
        value = (ulong)bits;
        return ok || Broken();
    }

    public bool Bytes(out ReadOnlySequence<byte> slice)
    {
        slice = default;
        if (!Varint(out var length)) return false;
        if (length > (ulong)reader.Remaining) return Broken();
        reader.TryReadExact((int)length, out slice);
        return true;
    }

    /// <summary>A string field; false also when it is not UTF-8.</summary>
    public bool Text(out string text)
    {
        text = "";
        if (!Bytes(out var slice)) return false;
        if (slice.Length > Limits.NameCharsMax * 4L) return Broken();
        if (!Utf8.IsValid(slice.IsSingleSegment ? slice.FirstSpan : slice.ToArray())) return Broken();
        text = Encoding.UTF8.GetString(slice);
        return true;
    }

    /// <summary>Steps over a field that is not known. Groups are not part of this protocol's syntax.</summary>
    public bool Skip(int wire) => wire switch
    {
        VarintWire => Varint(out _),
        Fixed64Wire => Fixed64(out _),
        BytesWire => Bytes(out _),
        Fixed32Wire => Fixed32(out _),
        _ => Broken(),
    };

    /// <summary>A message inside this one is broken.</summary>
    public void Break() => Malformed = true;

    private bool Broken()
    {
        Malformed = true;
        return false;
    }
}
