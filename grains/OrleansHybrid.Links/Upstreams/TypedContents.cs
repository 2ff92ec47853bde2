using System.Buffers.Binary;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Links.Protocol;

namespace OrleansHybrid.Links.Upstreams;

/// <summary>Turns the protocol's typed contents into the binary form. The wire has 32-bit fields for the small integers: a value out of range is refused, not cut.</summary>
internal static class TypedContents
{
    /// <summary>Null when the field of the type does not hold exactly <paramref name="elements"/> values in range, or the type has no typed form (FP16, BF16).</summary>
    public static TensorLease? TryRead(InferTensorContents contents, TensorDataType type, long elements, TensorPool pool) => type switch
    {
        TensorDataType.Bool => Narrow(contents.BoolContents, elements, 1, pool, static (to, value) => { to[0] = value ? (byte)1 : (byte)0; return true; }),
        TensorDataType.Int8 => Narrow(contents.IntContents, elements, 1, pool, static (to, value) => { to[0] = (byte)value; return value == (sbyte)value; }),
        TensorDataType.Int16 => Narrow(contents.IntContents, elements, 2, pool, static (to, value) => { BinaryPrimitives.WriteInt16LittleEndian(to, (short)value); return value == (short)value; }),
        TensorDataType.Int32 => Narrow(contents.IntContents, elements, 4, pool, static (to, value) => { BinaryPrimitives.WriteInt32LittleEndian(to, value); return true; }),
        TensorDataType.Int64 => Narrow(contents.Int64Contents, elements, 8, pool, static (to, value) => { BinaryPrimitives.WriteInt64LittleEndian(to, value); return true; }),
        TensorDataType.Uint8 => Narrow(contents.UintContents, elements, 1, pool, static (to, value) => { to[0] = (byte)value; return value == (byte)value; }),
        TensorDataType.Uint16 => Narrow(contents.UintContents, elements, 2, pool, static (to, value) => { BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)value); return value == (ushort)value; }),
        TensorDataType.Uint32 => Narrow(contents.UintContents, elements, 4, pool, static (to, value) => { BinaryPrimitives.WriteUInt32LittleEndian(to, value); return true; }),
        TensorDataType.Uint64 => Narrow(contents.Uint64Contents, elements, 8, pool, static (to, value) => { BinaryPrimitives.WriteUInt64LittleEndian(to, value); return true; }),
        TensorDataType.Fp32 => Narrow(contents.Fp32Contents, elements, 4, pool, static (to, value) => { BinaryPrimitives.WriteSingleLittleEndian(to, value); return true; }),
        TensorDataType.Fp64 => Narrow(contents.Fp64Contents, elements, 8, pool, static (to, value) => { BinaryPrimitives.WriteDoubleLittleEndian(to, value); return true; }),
        TensorDataType.Bytes => Strings(contents, elements, pool),
        _ => null,
    };

    private delegate bool Put<T>(Span<byte> to, T value);

    private static TensorLease? Narrow<T>(IList<T> values, long elements, int elementBytes, TensorPool pool, Put<T> put)
    {
        if (values.Count != elements || elements * elementBytes > Array.MaxLength) return null;
        var lease = pool.Rent(values.Count * elementBytes);
        for (var i = 0; i < values.Count; i++)
        {
            if (put(lease.Span.Slice(i * elementBytes, elementBytes), values[i])) continue;
            lease.Release();
            return null;
        }

        return lease;
    }

    private static TensorLease? Strings(InferTensorContents contents, long elements, TensorPool pool)
    {
        var values = contents.BytesContents;
        if (values.Count != elements) return null;
        long bytes = 0;
        foreach (var value in values) bytes += sizeof(uint) + value.Length;
        if (bytes > Array.MaxLength) return null;
        var lease = pool.Rent((int)bytes);
        var to = lease.Span;
        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt32LittleEndian(to, value.Length);
            value.Span.CopyTo(to[sizeof(uint)..]);
            to = to[(sizeof(uint) + value.Length)..];
        }

        return lease;
    }
}
