using System.Buffers;
using System.Buffers.Binary;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Infer;

namespace OrleansHybrid.Gateway.Rpc;

/// <summary>Writes typed elements into a lease, each checked against its type's range.</summary>
internal struct RpcFill(InputDraft input, TensorLease lease, long expected)
{
    public readonly InputDraft Input = input;
    public readonly TensorLease Lease = lease;
    public long Count;
    public int Written;

    public static int WireOf(TensorDataType type) => type switch
    {
        TensorDataType.Fp32 => ProtoReader.Fixed32Wire,
        TensorDataType.Fp64 => ProtoReader.Fixed64Wire,
        _ => ProtoReader.VarintWire,
    };

    /// <summary>One number.</summary>
    public InferenceFailure? One(ref ProtoReader reader, int wire)
    {
        if (wire != WireOf(Input.DataType)) return RpcInferMessage.Broken("InferTensorContents");
        if (Count == expected) return TooMany();
        ulong bits;
        if (wire == ProtoReader.Fixed32Wire)
        {
            if (!reader.Fixed32(out var narrow)) return null;
            bits = narrow;
        }
        else if (!(wire == ProtoReader.Fixed64Wire ? reader.Fixed64(out bits) : reader.Varint(out bits)))
        {
            return null;
        }

        return Store(bits);
    }

    /// <summary>One byte string.</summary>
    public InferenceFailure? Element(ReadOnlySequence<byte> bytes)
    {
        if (Count == expected) return TooMany();
        var target = Lease.Span[Written..];
        BinaryPrimitives.WriteInt32LittleEndian(target, (int)bytes.Length);
        bytes.CopyTo(target[4..]);
        Written += 4 + (int)bytes.Length;
        Count++;
        return null;
    }

    private InferenceFailure? Store(ulong bits)
    {
        var size = Input.DataType.ElementBytes();
        if (!Fits(bits)) return Bad.Input($"Tensor '{Input.Name}': element {Count} is {(long)bits}, which {Input.DataType.WireName()} cannot hold.");
        if (Input.DataType == TensorDataType.Bool) bits = bits == 0 ? 0UL : 1UL;
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(eight, bits);
        eight[..size].CopyTo(Lease.Span[Written..]);
        Written += size;
        Count++;
        return null;
    }

    private readonly bool Fits(ulong bits) => Input.DataType switch
    {
        TensorDataType.Uint8 => bits <= byte.MaxValue,
        TensorDataType.Uint16 => bits <= ushort.MaxValue,
        TensorDataType.Uint32 => bits <= uint.MaxValue,
        TensorDataType.Int8 => (long)bits is >= sbyte.MinValue and <= sbyte.MaxValue,
        TensorDataType.Int16 => (long)bits is >= short.MinValue and <= short.MaxValue,
        TensorDataType.Int32 => (long)bits is >= int.MinValue and <= int.MaxValue,
        _ => true,
    };

    private readonly InferenceFailure TooMany() => Bad.Input($"Tensor '{Input.Name}': shape {Input.Shape} takes {expected} elements; more came.");
}
