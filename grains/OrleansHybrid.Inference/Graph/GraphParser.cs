using OrleansHybrid.Domain;

namespace OrleansHybrid.Inference.Graph;

/// <summary>Reads a graph with everything inside it.</summary>
internal static class GraphParser
{
    private const string Message = "GraphProto";

    public static bool TryRead(ReadOnlySpan<byte> message, int depth, ScanState state, out GraphScope scope)
    {
        scope = new GraphScope();
        if (depth > Limits.GraphDepthMax) return state.Fail(Message, $"graphs are nested more than {Limits.GraphDepthMax} deep");
        var reader = new WireReader(message);
        while (state.Error is null && reader.Next())
        {
            if (reader.Field is 1 or 5 or 11 or 12 or 13 or 15 && !TryPart(reader, depth, state, scope)) return false;
        }

        return state.Finish(reader, Message);
    }

    private static bool TryPart(scoped in WireReader reader, int depth, ScanState state, GraphScope scope)
    {
        if (!state.Is(reader, WireType.Length, Message)) return false;
        switch (reader.Field)
        {
            case 1:
                if (!NodeParser.TryRead(reader.Content, depth, state, out var node)) return false;
                scope.Nodes.Add(node);
                return true;
            case 5 or 15:
                if (!(reader.Field == 5 ? TensorParser.TryRead(reader.Content, state, out var tensor) : TensorParser.TryReadSparse(reader.Content, state, out tensor))) return false;
                scope.Initializers.Add(tensor);
                return true;
            default:
                if (!ValueParser.TryRead(reader.Content, state, out var value)) return false;
                (reader.Field == 11 ? scope.Inputs : reader.Field == 12 ? scope.Outputs : scope.Inner).Add(value);
                return true;
        }
    }
}
