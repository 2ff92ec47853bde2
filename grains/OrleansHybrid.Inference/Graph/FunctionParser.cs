namespace OrleansHybrid.Inference.Graph;

/// <summary>Reads a function that the file brings along.</summary>
internal static class FunctionParser
{
    private const string Message = "FunctionProto";

    public static bool TryRead(ReadOnlySpan<byte> message, ScanState state, List<GraphFunction> functions)
    {
        List<string> inputs = [], outputs = [];
        List<GraphNode> nodes = [];
        List<GraphAttribute> defaults = [];
        var texts = new Dictionary<int, string>();
        ulong seen = 0;
        var reader = new WireReader(message);
        while (state.Error is null && reader.Next())
        {
            if (reader.Field is not (1 or 4 or 5 or 7 or 10 or 11 or 13)) continue;
            if (!state.Is(reader, WireType.Length, Message)) return false;
            var ok = reader.Field switch
            {
                4 => TryName(reader, state, inputs),
                5 => TryName(reader, state, outputs),
                7 => TryNode(reader, state, nodes),
                11 => AttributeParser.TryRead(reader.Content, 1, state, defaults),
                _ => TryOnce(reader, state, ref seen, texts),
            };
            if (!ok) return false;
        }

        functions.Add(new GraphFunction(
            Domains.Canonical(texts.GetValueOrDefault(10, "")), texts.GetValueOrDefault(1, ""), texts.GetValueOrDefault(13, ""),
            inputs, outputs, nodes, defaults.Any(d => d.Graphs.Count > 0)));
        return state.Finish(reader, Message) && state.CountValue();
    }

    private static bool TryName(scoped in WireReader reader, ScanState state, List<string> names)
    {
        if (!state.Text(reader.Content, Message, out var name)) return false;
        names.Add(name);
        return state.CountValue();
    }

    private static bool TryNode(scoped in WireReader reader, ScanState state, List<GraphNode> nodes)
    {
        if (!NodeParser.TryRead(reader.Content, 1, state, out var node)) return false;
        nodes.Add(node);
        return true;
    }

    private static bool TryOnce(scoped in WireReader reader, ScanState state, ref ulong seen, Dictionary<int, string> texts)
    {
        if (!state.Once(reader, WireType.Length, ref seen, Message) || !state.Text(reader.Content, Message, out var text)) return false;
        texts[reader.Field] = text;
        return true;
    }
}
