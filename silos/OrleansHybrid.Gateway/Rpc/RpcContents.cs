using System.Buffers;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Infer;

namespace OrleansHybrid.Gateway.Rpc;

/// <summary>The typed contents of one tensor (<c>InferTensorContents</c>): slices of the message, written into a lease once type and shape are known.</summary>
internal sealed class RpcContents
{
    private readonly List<ReadOnlySequence<byte>> parts = [];
    private long bytes;

    public bool IsEmpty => bytes == 0;

    public void Add(ReadOnlySequence<byte> part)
    {
        parts.Add(part);
        bytes += part.Length;
    }

    public InferenceFailure? Fill(InputDraft input, TensorPool pool)
    {
        var count = input.ElementCount!.Value;
        if (Field(input.DataType) is not { } field) return Bad.Input($"Tensor '{input.Name}': {input.DataType.WireName()} has no typed contents; send raw_input_contents.");

        // Each element takes a byte at least, so a shape that promises more than came costs no memory.
        if (count > bytes) return Miscounted(input, "fewer");
        var room = input.DataType == TensorDataType.Bytes ? bytes + (4 * count) : count * input.DataType.ElementBytes();
        if (room > Limits.RequestBytesMax) return Bad.TooLarge(room);
        var fill = new RpcFill(input, pool.Rent((int)room), count);
        try
        {
            foreach (var part in parts)
            {
                if (ReadPart(part, field, ref fill) is { } failure) return failure;
            }

            if (fill.Count != count) return Miscounted(input, $"{fill.Count}");
            input.Data = fill.Written == room ? fill.Lease.Share() : pool.Copy(fill.Lease.Span[..fill.Written]);
            return null;
        }
        finally
        {
            fill.Lease.Release();
        }
    }

    private static InferenceFailure? ReadPart(ReadOnlySequence<byte> part, int field, ref RpcFill fill)
    {
        var reader = new ProtoReader(part);
        InferenceFailure? failure = null;
        while (failure is null && !reader.Malformed && reader.Next(out var found, out var wire))
        {
            if (found != field)
            {
                if (found is >= 1 and <= 8) return Bad.Input($"Tensor '{fill.Input.Name}': its contents are in field {found} of InferTensorContents; {fill.Input.DataType.WireName()} belongs in field {field}.");
                reader.Skip(wire);
            }
            else
            {
                failure = ReadValues(ref reader, wire, ref fill);
            }
        }

        return failure ?? (reader.Malformed ? RpcInferMessage.Broken("InferTensorContents") : null);
    }

    private static InferenceFailure? ReadValues(ref ProtoReader reader, int wire, ref RpcFill fill)
    {
        if (wire != ProtoReader.BytesWire) return fill.One(ref reader, wire);
        if (!reader.Bytes(out var slice)) return null;
        if (fill.Input.DataType == TensorDataType.Bytes) return fill.Element(slice);
        var packed = new ProtoReader(slice);
        InferenceFailure? failure = null;
        while (failure is null && !packed.Malformed && !packed.AtEnd) failure = fill.One(ref packed, RpcFill.WireOf(fill.Input.DataType));
        return failure ?? (packed.Malformed ? RpcInferMessage.Broken("InferTensorContents") : null);
    }

    private static InferenceFailure Miscounted(InputDraft input, string came) => Bad.Input($"Tensor '{input.Name}': shape {input.Shape} takes {input.ElementCount} elements; {came} came.");

    private static int? Field(TensorDataType type) => type switch
    {
        TensorDataType.Bool => 1,
        TensorDataType.Int8 or TensorDataType.Int16 or TensorDataType.Int32 => 2,
        TensorDataType.Int64 => 3,
        TensorDataType.Uint8 or TensorDataType.Uint16 or TensorDataType.Uint32 => 4,
        TensorDataType.Uint64 => 5,
        TensorDataType.Fp32 => 6,
        TensorDataType.Fp64 => 7,
        TensorDataType.Bytes => 8,
        _ => null,
    };
}
