using System.Buffers;
using OrleansHybrid.Gateway.Infer;

namespace OrleansHybrid.Gateway.Rpc;

/// <summary>Reads one entry of a <c>map&lt;string, InferParameter&gt;</c>.</summary>
internal static class RpcParameters
{
    public static InferenceFailure? Read(ReadOnlySequence<byte> entry, ParameterSink sink)
    {
        var (name, value) = ("", new ParameterValue(ParameterKind.Other));
        var reader = new ProtoReader(entry);
        while (!reader.Malformed && reader.Next(out var field, out var wire))
        {
            if (field == 1 && wire == ProtoReader.BytesWire) reader.Text(out name);
            else if (field == 2 && wire == ProtoReader.BytesWire) ReadValue(ref reader, ref value);
            else reader.Skip(wire);
        }

        return reader.Malformed ? RpcInferMessage.Broken("InferParameter") : sink(name, value);
    }

    private static void ReadValue(ref ProtoReader outer, ref ParameterValue value)
    {
        if (!outer.Bytes(out var slice)) return;
        var reader = new ProtoReader(slice);
        while (!reader.Malformed && reader.Next(out var field, out var wire)) ReadChoice(ref reader, field, wire, ref value);
        if (reader.Malformed) outer.Break();
    }

    private static void ReadChoice(ref ProtoReader reader, int field, int wire, ref ParameterValue value)
    {
        switch (field, wire)
        {
            case (1, ProtoReader.VarintWire):
                if (reader.Varint(out var flag)) value = ParameterValue.Of(flag != 0);
                break;
            case (2, ProtoReader.VarintWire):
                if (reader.Varint(out var whole)) value = ParameterValue.Of((long)whole);
                break;
            case (3, ProtoReader.BytesWire):
                if (reader.Text(out var text)) value = ParameterValue.Of(text);
                break;
            case (4, ProtoReader.Fixed64Wire):
                if (reader.Fixed64(out var bits)) value = ParameterValue.Of(BitConverter.UInt64BitsToDouble(bits));
                break;
            case (5, ProtoReader.VarintWire):
                if (reader.Varint(out var unsigned)) value = unsigned <= long.MaxValue ? ParameterValue.Of((long)unsigned) : ParameterValue.Of((double)unsigned);
                break;
            default:
                reader.Skip(wire);
                break;
        }
    }
}
