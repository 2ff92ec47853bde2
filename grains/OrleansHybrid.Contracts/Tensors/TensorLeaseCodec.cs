using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.WireProtocol;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Contracts.Tensors;

/// <summary>A payload on its way to another process: its length and its bytes, copied once out of the message at the other end.</summary>
/// <remarks>
/// Nobody at the other end knows whose hold an arriving lease would be (a call may be dropped before a grain sees it), so it is one that needs no
/// release: <see cref="TensorLease.Unpooled"/>. Writing borrows the sender's lease. Two tensors over one lease stay so.
/// </remarks>
[RegisterSerializer]
public sealed class TensorLeaseCodec : IFieldCodec<TensorLease>
{
    public void WriteField<TBufferWriter>(ref Writer<TBufferWriter> writer, uint fieldIdDelta, Type? expectedType, TensorLease? value)
        where TBufferWriter : IBufferWriter<byte>
    {
        if (ReferenceCodec.TryWriteReferenceField(ref writer, fieldIdDelta, expectedType, value)) return;
        writer.WriteFieldHeader(fieldIdDelta, expectedType, typeof(TensorLease), WireType.LengthPrefixed);
        writer.WriteVarUInt32((uint)value!.Length);
        writer.Write(value.Span);
    }

    public TensorLease ReadValue<TInput>(ref Reader<TInput> reader, Field field)
    {
        if (field.WireType == WireType.Reference) return ReferenceCodec.ReadReference<TensorLease, TInput>(ref reader, field)!;
        if (field.WireType != WireType.LengthPrefixed) throw new UnsupportedWireTypeException($"A tensor's payload is length-prefixed; {field.WireType} came.");
        var length = reader.ReadVarUInt32();
        if (length > Limits.RequestBytesMax) throw new SerializerException($"A tensor's payload has at most {Limits.RequestBytesMax} bytes; one of {length} came.");
        var lease = TensorLease.Unpooled((int)length);
        reader.ReadBytes(lease.Span);
        ReferenceCodec.RecordObject(reader.Session, lease);
        return lease;
    }
}

/// <summary>Within a process a lease is passed, not copied: who may release it is the contract of the call.</summary>
[RegisterCopier]
public sealed class TensorLeaseCopier : IDeepCopier<TensorLease>
{
    [return: NotNullIfNotNull(nameof(input))]
    public TensorLease? DeepCopy(TensorLease? input, CopyContext context) => input;
}
