using System.Buffers.Binary;

namespace OrleansHybrid.Gateway.Infer;

/// <summary>Walks BYTES data in the protocol's binary form.</summary>
internal static class BytesElements
{
    /// <summary>How many elements fill <paramref name="data"/> exactly; null when it is broken.</summary>
    public static long? Count(ReadOnlySpan<byte> data)
    {
        long count = 0;
        while (data.Length > 0)
        {
            if (!TryNext(ref data, out _)) return null;
            count++;
        }

        return count;
    }

    /// <summary>Takes one element off the front.</summary>
    public static bool TryNext(ref ReadOnlySpan<byte> data, out ReadOnlySpan<byte> element)
    {
        element = default;
        if (data.Length < 4) return false;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(data);
        if (length > data.Length - 4) return false;
        element = data.Slice(4, (int)length);
        data = data[(4 + (int)length)..];
        return true;
    }
}
