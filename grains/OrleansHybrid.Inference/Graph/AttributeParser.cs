namespace OrleansHybrid.Inference.Graph;

/// <summary>Reads one attribute, and keeps it when it says something about types or holds graphs.</summary>
internal static class AttributeParser
{
    private const string Message = "AttributeProto";

    public static bool TryRead(ReadOnlySpan<byte> message, int depth, ScanState state, List<GraphAttribute> kept)
    {
        var fields = new AttributeFields();
        var reader = new WireReader(message);
        while (state.Error is null && reader.Next())
        {
            if (!TryField(reader, depth, fields, state)) return false;
        }

        if (!state.Finish(reader, Message)) return false;
        if (fields.IsInteresting) kept.Add(new GraphAttribute(fields.Name, fields.Number, fields.Value, fields.Graphs, fields.Reference));
        return true;
    }

    private static bool TryField(scoped in WireReader reader, int depth, AttributeFields fields, ScanState state)
    {
        switch (reader.Field)
        {
            case 1: return state.Once(reader, WireType.Length, ref fields.Seen, Message) && state.Text(reader.Content, Message, out fields.Name);
            case 2 or 4: return SetType(reader, fields, state);
            case 3:
                if (!state.Once(reader, WireType.Varint, ref fields.Seen, Message)) return false;
                fields.SetInteger((long)reader.Number);
                return true;
            case 5 or 22: return TryTensor(reader, fields, state);
            case 6: return state.Once(reader, WireType.Length, ref fields.Seen, Message) && TryGraph(reader.Content, depth, fields, state);
            case 11: return state.Is(reader, WireType.Length, Message) && TryGraph(reader.Content, depth, fields, state);
            case 7 or 9: return SetType(reader, fields, state);
            case 8: return TryIntegers(reader, fields, state);
            case 21:
                fields.Reference = true;
                return state.Once(reader, WireType.Length, ref fields.Seen, Message);
            default: return true;
        }
    }

    /// <summary>A float or a string, one or several: only the type matters.</summary>
    private static bool SetType(scoped in WireReader reader, AttributeFields fields, ScanState state)
    {
        var single = reader.Field == 2 ? WireType.Fixed32 : WireType.Length;
        if (reader.Field is 2 or 4 && !state.Once(reader, single, ref fields.Seen, Message)) return false;
        fields.Value = new ValueFacts(reader.Field is 2 or 7 ? ElementTypes.Float : ElementTypes.String);
        return true;
    }

    private static bool TryTensor(scoped in WireReader reader, AttributeFields fields, ScanState state)
    {
        if (!state.Once(reader, WireType.Length, ref fields.Seen, Message)) return false;
        if (!(reader.Field == 5 ? TensorParser.TryRead(reader.Content, state, out var tensor) : TensorParser.TryReadSparse(reader.Content, state, out tensor))) return false;
        fields.Value = tensor.Facts;
        return true;
    }

    private static bool TryGraph(ReadOnlySpan<byte> message, int depth, AttributeFields fields, ScanState state)
    {
        state.Subgraphs++;
        if (!GraphParser.TryRead(message, depth + 1, state, out var graph)) return false;
        fields.Graphs.Add(graph);
        return true;
    }

    private static bool TryIntegers(scoped in WireReader reader, AttributeFields fields, ScanState state)
    {
        if (reader.Type == WireType.Varint)
        {
            fields.AddInteger((long)reader.Number);
            return true;
        }

        if (!state.Is(reader, WireType.Length, Message)) return false;
        var packed = new WireReader(reader.Content);
        while (packed.NextPacked(out var value)) fields.AddInteger(value);
        return state.Finish(packed, Message);
    }
}
