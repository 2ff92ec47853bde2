using System.Buffers;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Infer;

namespace OrleansHybrid.Gateway.Rpc;

/// <summary>Reads one <c>InferInputTensor</c>. Its contents stay slices until the whole message is known.</summary>
internal sealed class RpcInputReader(InputDraft input)
{
    private readonly long[] dims = new long[Limits.TensorRankMax];
    private int rank;
    private string type = "";

    public RpcContents Contents { get; } = new();

    public InferenceFailure? Read(ReadOnlySequence<byte> slice)
    {
        var reader = new ProtoReader(slice);
        while (!reader.Malformed && reader.Next(out var field, out var wire))
        {
            if (ReadField(ref reader, field, wire) is { } failure) return failure;
        }

        if (reader.Malformed) return RpcInferMessage.Broken("InferInputTensor");
        if (input.Name.Length is 0 or > Limits.NameCharsMax) return Bad.Input($"An input's name must have 1 to {Limits.NameCharsMax} characters.");
        if (!TensorDataTypes.TryParse(type.AsSpan(), out input.DataType))
        {
            return Bad.Input($"Tensor '{input.Name}': datatype '{(type.Length <= 32 ? type : type[..32])}' is not known; it is one of {string.Join(", ", TensorDataTypes.AllNames)}.");
        }

        input.Shape = new TensorShape(dims[..rank]);
        return input.ElementCount is null ? input.BadShape() : null;
    }

    private InferenceFailure? ReadField(ref ProtoReader reader, int field, int wire)
    {
        switch (field, wire)
        {
            case (1, ProtoReader.BytesWire):
                if (reader.Text(out var name)) input.Name = name;
                return null;
            case (2, ProtoReader.BytesWire):
                reader.Text(out type);
                return null;
            case (3, ProtoReader.BytesWire):
                return reader.Bytes(out var packed) ? ReadDims(packed) : null;
            case (3, ProtoReader.VarintWire):
                return reader.Varint(out var one) ? AddDim((long)one) : null;
            case (4, ProtoReader.BytesWire):
                return reader.Bytes(out var entry) ? RpcParameters.Read(entry, static (key, in _) => SharedMemory.Check(key)) : null;
            case (5, ProtoReader.BytesWire):
                if (reader.Bytes(out var part)) Contents.Add(part);
                return null;
            default:
                reader.Skip(wire);
                return null;
        }
    }

    private InferenceFailure? ReadDims(ReadOnlySequence<byte> packed)
    {
        var reader = new ProtoReader(packed);
        while (!reader.AtEnd)
        {
            if (!reader.Varint(out var dim)) return RpcInferMessage.Broken("InferInputTensor");
            if (AddDim((long)dim) is { } failure) return failure;
        }

        return null;
    }

    private InferenceFailure? AddDim(long dim)
    {
        if (rank == dims.Length) return Bad.Input($"Tensor '{input.Name}' has more than {Limits.TensorRankMax} dimensions.");
        dims[rank++] = dim;
        return null;
    }
}
