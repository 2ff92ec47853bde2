using OrleansHybrid.Domain;

namespace OrleansHybrid.Inference.Graph;

/// <summary>Reads a named value and the type that the file states for it.</summary>
internal static class ValueParser
{
    private const string Message = "ValueInfoProto";

    /// <summary>The fields of a type message that are not tensors, by number.</summary>
    private static readonly Dictionary<int, string> OtherKinds = new() { [4] = "sequence", [5] = "map", [7] = "opaque value", [8] = "sparse tensor", [9] = "optional value" };

    public static bool TryRead(ReadOnlySpan<byte> message, ScanState state, out GraphValue value)
    {
        value = new GraphValue("", ElementTypes.Unknown, null, null);
        ulong seen = 0;
        var reader = new WireReader(message);
        while (state.Error is null && reader.Next())
        {
            if (reader.Field is not (1 or 2)) continue;
            if (!state.Once(reader, WireType.Length, ref seen, Message)) return false;
            if (reader.Field == 2 && !TryType(reader.Content, state, ref value)) return false;
            if (reader.Field != 1) continue;
            if (!state.Text(reader.Content, Message, out var name)) return false;
            value = value with { Name = name };
        }

        return state.Finish(reader, Message) && state.CountValue();
    }

    private static bool TryType(ReadOnlySpan<byte> message, ScanState state, ref GraphValue value)
    {
        var kinds = 0;
        var reader = new WireReader(message);
        while (state.Error is null && reader.Next())
        {
            var other = OtherKinds.GetValueOrDefault(reader.Field);
            if (reader.Field != 1 && other is null) continue;
            if (!state.Is(reader, WireType.Length, "TypeProto")) return false;
            if (++kinds > 1) return state.Fail("TypeProto", "a value has two types");
            value = value with { Kind = other };
            if (other is null && !TryTensorType(reader.Content, state, ref value)) return false;
        }

        return state.Finish(reader, "TypeProto");
    }

    private static bool TryTensorType(ReadOnlySpan<byte> message, ScanState state, ref GraphValue value)
    {
        ulong seen = 0;
        var reader = new WireReader(message);
        while (state.Error is null && reader.Next())
        {
            if (reader.Field is not (1 or 2)) continue;
            if (!state.Once(reader, reader.Field == 1 ? WireType.Varint : WireType.Length, ref seen, "TypeProto.Tensor")) return false;
            if (reader.Field == 1) value = value with { ElementType = (int)Math.Min(reader.Number, int.MaxValue) };
            else if (!TryShape(reader.Content, state, ref value)) return false;
        }

        return state.Finish(reader, "TypeProto.Tensor");
    }

    private static bool TryShape(ReadOnlySpan<byte> message, ScanState state, ref GraphValue value)
    {
        var dims = new List<long>();
        var reader = new WireReader(message);
        while (state.Error is null && reader.Next())
        {
            if (reader.Field != 1) continue;
            if (!state.Is(reader, WireType.Length, "TensorShapeProto") || !TryDimension(reader.Content, state, out var dim)) return false;
            if (dims.Count == Limits.TensorRankMax) return state.Fail("TensorShapeProto", $"a tensor has more than {Limits.TensorRankMax} dimensions");
            dims.Add(dim);
        }

        value = value with { Dims = [.. dims] };
        return state.Finish(reader, "TensorShapeProto");
    }

    /// <summary>A number, or -1 for a named or missing one. Exporters write 0 or -1 for free as well: 0 stays 0 only where it is stated.</summary>
    private static bool TryDimension(ReadOnlySpan<byte> message, ScanState state, out long dim)
    {
        dim = -1;
        ulong seen = 0;
        var reader = new WireReader(message);
        while (state.Error is null && reader.Next())
        {
            if (reader.Field is not (1 or 2)) continue;
            if (!state.Once(reader, reader.Field == 1 ? WireType.Varint : WireType.Length, ref seen, "Dimension")) return false;
            if (reader.Field == 1) dim = Math.Max((long)reader.Number, -1);
        }

        return state.Finish(reader, "Dimension");
    }
}
