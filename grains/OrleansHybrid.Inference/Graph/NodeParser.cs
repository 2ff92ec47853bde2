namespace OrleansHybrid.Inference.Graph;

/// <summary>Reads one operator with its attributes, and the graphs in those.</summary>
internal static class NodeParser
{
    private const string Message = "NodeProto";

    public static bool TryRead(ReadOnlySpan<byte> message, int depth, ScanState state, out GraphNode node)
    {
        List<string> inputs = [], outputs = [];
        List<GraphAttribute> attributes = [];
        string name = "", type = "", domain = "", overload = "";
        ulong seen = 0;
        node = new GraphNode("", "", "", "", [], [], []);
        var reader = new WireReader(message);
        while (state.Error is null && reader.Next())
        {
            var known = reader.Field switch
            {
                1 => TryName(reader, state, inputs),
                2 => TryName(reader, state, outputs),
                3 => TryOnce(reader, state, ref seen, out name),
                4 => TryOnce(reader, state, ref seen, out type),
                7 => TryOnce(reader, state, ref seen, out domain),
                8 => TryOnce(reader, state, ref seen, out overload),
                5 => state.Is(reader, WireType.Length, Message) && AttributeParser.TryRead(reader.Content, depth, state, attributes),
                _ => true,
            };
            if (!known) return false;
        }

        node = new GraphNode(name, type, Domains.Canonical(domain), overload, inputs, outputs, attributes);
        return state.Finish(reader, Message) && state.CountNode(node.Domain, type);
    }

    private static bool TryName(scoped in WireReader reader, ScanState state, List<string> names)
    {
        if (!state.Is(reader, WireType.Length, Message) || !state.Text(reader.Content, Message, out var name)) return false;
        names.Add(name);
        return state.CountValue();
    }

    private static bool TryOnce(scoped in WireReader reader, ScanState state, ref ulong seen, out string text)
    {
        text = "";
        return state.Once(reader, WireType.Length, ref seen, Message) && state.Text(reader.Content, Message, out text);
    }
}
