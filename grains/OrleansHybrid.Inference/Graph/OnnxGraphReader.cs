using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Inference.Graph;

/// <summary>Reads what an ONNX file holds, without ONNX Runtime and without trusting a byte of it.</summary>
/// <remarks>
/// Rules kept here: it never throws, whatever the bytes; its time and memory are bounded by the file's size and by <see cref="Limits"/>; it refuses what protobuf would accept in two ways,
/// so that the graph it describes is the graph that ONNX Runtime runs. What a graph may do is judged by <see cref="GraphRules"/>, not here.
/// <code>
/// var read = OnnxGraphReader.Read(bytes);
/// if (read.Summary is not { } graph) return read.Errors;
/// var refusals = GraphRules.Check(graph);
/// </code>
/// </remarks>
public static class OnnxGraphReader
{
    private const string Message = "ModelProto";

    public static OnnxReadResult Read(ReadOnlyMemory<byte> file) => Read(file.Span);

    public static OnnxReadResult Read(ReadOnlySpan<byte> file)
    {
        var state = new ScanState();
        var model = new ModelFields();
        if (file.IsEmpty) state.Fail(Message, "it is empty");
        var reader = new WireReader(file);
        while (state.Error is null && reader.Next())
        {
            if (!TryField(reader, model, state)) break;
        }

        if (state.Finish(reader, Message) && model.Main is null) state.Fail(Message, "it holds no graph: this is not an ONNX model");
        if (state.Error is { } error) return new OnnxReadResult(null, [error]);
        return new OnnxReadResult(Summarise(model, state), []);
    }

    private static bool TryField(scoped in WireReader reader, ModelFields model, ScanState state)
    {
        switch (reader.Field)
        {
            case 1:
                if (!state.Once(reader, WireType.Varint, ref model.Seen, Message)) return false;
                model.IrVersion = (long)reader.Number;
                return true;
            case 7:
                if (!state.Once(reader, WireType.Length, ref model.Seen, Message) || !GraphParser.TryRead(reader.Content, 0, state, out var graph)) return false;
                model.Main = graph;
                return true;
            case 8: return state.Is(reader, WireType.Length, Message) && TryOpset(reader.Content, model, state);
            case 25: return state.Is(reader, WireType.Length, Message) && FunctionParser.TryRead(reader.Content, state, model.Functions);
            default: return true;
        }
    }

    private static bool TryOpset(ReadOnlySpan<byte> message, ModelFields model, ScanState state)
    {
        ulong seen = 0;
        var domain = "";
        long version = 0;
        var reader = new WireReader(message);
        while (state.Error is null && reader.Next())
        {
            if (reader.Field is not (1 or 2)) continue;
            if (!state.Once(reader, reader.Field == 1 ? WireType.Length : WireType.Varint, ref seen, "OperatorSetIdProto")) return false;
            if (reader.Field == 2) version = (long)reader.Number;
            else if (!state.Text(reader.Content, "OperatorSetIdProto", out domain)) return false;
        }

        model.Opsets[Domains.Canonical(domain)] = version;
        return state.Finish(reader, "OperatorSetIdProto") && state.CountValue();
    }

    private static OnnxGraphSummary Summarise(ModelFields model, ScanState state)
    {
        var main = model.Main!;
        var weights = main.Initializers.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
        var given = main.Inputs.Where(i => !weights.Contains(i.Name)).ToList();
        return new OnnxGraphSummary(
            model.IrVersion,
            model.Opsets,
            [.. state.Operators.OrderBy(o => o.Key.Domain, StringComparer.Ordinal).ThenBy(o => o.Key.Name, StringComparer.Ordinal).Select(o => new OperatorUse(o.Key.Domain, o.Key.Name, o.Value))],
            Specs(given),
            Specs(main.Outputs),
            [.. main.Initializers.Select(Size)],
            state.ExternalData,
            [.. given.Select(v => Refusal("Input", v)).Concat(main.Outputs.Select(v => Refusal("Output", v))).OfType<string>()],
            given.Concat(main.Outputs).Where(v => v.Dims is null).Select(v => v.Name).ToHashSet(StringComparer.Ordinal),
            state.Subgraphs,
            model.Functions.Count)
        {
            Main = main,
            LocalFunctions = model.Functions,
        };
    }

    private static List<TensorSpec> Specs(IEnumerable<GraphValue> values) =>
        [.. from value in values
            where value.Kind is null
            let type = ElementTypes.ToProtocol(value.ElementType)
            where type is not null
            select new TensorSpec(value.Name, type.Value, new TensorShape(value.Dims ?? [-1]))];

    private static string? Refusal(string role, GraphValue value)
    {
        if (value.Kind is { } kind) return $"{role} '{value.Name}' is a {kind}; only tensors can be served. Export the graph with tensor inputs and outputs (for scikit-learn: zipmap off).";
        if (ElementTypes.ToProtocol(value.ElementType) is not null) return null;
        return value.ElementType == ElementTypes.Unknown
            ? $"{role} '{value.Name}' states no element type. Export the model with typed inputs and outputs."
            : $"{role} '{value.Name}' has {ElementTypes.Name(value.ElementType)}, which the Open Inference Protocol cannot carry. Cast it inside the graph.";
    }

    private static InitializerSize Size(GraphTensor tensor)
    {
        var type = tensor.Facts.ElementType;
        var bits = (UInt128)ElementTypes.Bits(type);
        var bytes = bits == 0 ? (UInt128)tensor.StoredBytes : (((UInt128)tensor.Elements * bits) + 7) / 8;
        return new InitializerSize(tensor.Name, ElementTypes.ToProtocol(type), tensor.Elements, (long)UInt128.Min(bytes, long.MaxValue / Limits.GraphValuesMax), tensor.External);
    }

    private sealed class ModelFields
    {
        public ulong Seen;
        public long IrVersion;
        public GraphScope? Main;

        public Dictionary<string, long> Opsets { get; } = new(StringComparer.Ordinal);

        public List<GraphFunction> Functions { get; } = [];
    }
}
