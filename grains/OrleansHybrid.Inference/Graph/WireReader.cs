namespace OrleansHybrid.Inference.Graph;

/// <summary>Walks the fields of one protobuf message. Never throws: whatever the bytes are, <see cref="Next"/> ends, and <see cref="Error"/> says why it ended early.</summary>
/// <remarks>
/// Stricter than protobuf on purpose: groups, field number 0 and varints over ten bytes are errors, because a scan that skips what ONNX Runtime reads, or reads what it skips,
/// would judge another graph than the one that runs.
/// </remarks>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    private readonly ReadOnlySpan<byte> message = message;
    private int position;

    /// <summary>Number of the field just read.</summary>
    public int Field { get; private set; }

    public WireType Type { get; private set; }

    /// <summary>The value of a varint or fixed field.</summary>
    public ulong Number { get; private set; }

    /// <summary>The content of a length-delimited field.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>Null unless the message is broken.</summary>
    public string? Error { get; private set; }

    /// <summary>Reads the next field. False at the end and on an error.</summary>
    public bool Next()
    {
        if (position >= message.Length) return false;
        if (!TryVarint(out var tag)) return false;
        if (tag >> 3 is 0 or > 0x1FFF_FFFF) return Fail("a field number is out of range");
        Field = (int)(tag >> 3);
        Type = (WireType)(tag & 7);
        return Type switch
        {
            WireType.Varint => TryVarintValue(),
            WireType.Fixed64 => TryFixed(8),
            WireType.Length => TryLength(),
            WireType.Fixed32 => TryFixed(4),
            _ => Fail("a field has a wire type that ONNX does not use"),
        };
    }

    /// <summary>Reads one varint from a packed field's content.</summary>
    public bool NextPacked(out long value)
    {
        value = 0;
        if (position >= message.Length || !TryVarint(out var raw)) return false;
        value = (long)raw;
        return true;
    }

    private bool TryVarintValue()
    {
        if (!TryVarint(out var value)) return false;
        Number = value;
        return true;
    }

    private bool TryFixed(int bytes)
    {
        if (message.Length - position < bytes) return Fail("the file ends inside a number");
        ulong value = 0;
        for (var i = 0; i < bytes; i++) value |= (ulong)message[position + i] << (8 * i);
        Number = value;
        position += bytes;
        return true;
    }

    private bool TryLength()
    {
        if (!TryVarint(out var length)) return false;
        if (length > (ulong)(message.Length - position)) return Fail("a length goes past the end of its message");
        Content = message.Slice(position, (int)length);
        position += (int)length;
        return true;
    }

    private bool TryVarint(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (position >= message.Length) return Fail("the file ends inside a number");
            var part = message[position++];
            if (shift == 63 && part > 1) return Fail("a number does not fit 64 bits");
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return true;
        }

        return Fail("a number takes more than ten bytes");
    }

    private bool Fail(string error)
    {
        Error ??= error;
        position = message.Length;
        return false;
    }
}

/// <summary>How a protobuf field is encoded.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Length = 2,
    Fixed32 = 5,
}
