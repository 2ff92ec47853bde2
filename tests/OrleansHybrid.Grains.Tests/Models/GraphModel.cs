using System.Runtime.InteropServices;
using System.Text;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>Builds small ONNX models: a graph, or a subgraph for an attribute.</summary>
internal sealed class GraphModel
{
    public const int Float = 1, Uint8 = 2, Int8 = 3, Uint16 = 4, Int16 = 5, Int32 = 6, Int64 = 7, String = 8, Bool = 9, Float16 = 10, Double = 11, Uint32 = 12, Uint64 = 13, Bfloat16 = 16;

    private readonly GraphMessage graph = new();
    private readonly List<GraphMessage> functions = [];
    private readonly List<(string Domain, long Version)> opsets = [];

    public static GraphModel New() => new();

    /// <param name="dims">Numbers, or names for free ones; null: no shape is stated.</param>
    public GraphModel Input(string name, int type, params object[]? dims) => Value(11, name, type, dims);

    public GraphModel Output(string name, int type, params object[]? dims) => Value(12, name, type, dims);

    public GraphModel Inner(string name, int type, params object[]? dims) => Value(13, name, type, dims);

    public GraphModel Value(int field, string name, GraphMessage type)
    {
        graph.Message(field, new GraphMessage().Text(1, name).Message(2, type));
        return this;
    }

    public GraphModel Node(string op, string inputs, string outputs, params (string Name, object Value)[] attributes) => Node("", op, inputs, outputs, attributes);

    public GraphModel Node(string domain, string op, string inputs, string outputs, params (string Name, object Value)[] attributes)
    {
        graph.Message(1, NodeMessage(domain, op, inputs, outputs, attributes));
        return this;
    }

    public GraphModel Initializer<T>(string name, int type, long[] dims, params T[] values) where T : unmanaged
    {
        graph.Message(5, Tensor(name, type, dims, MemoryMarshal.AsBytes(values.AsSpan())));
        return this;
    }

    public GraphModel Initializer(GraphMessage tensor)
    {
        graph.Message(5, tensor);
        return this;
    }

    public GraphModel Opset(string domain, long version)
    {
        opsets.Add((domain, version));
        return this;
    }

    public GraphModel Function(string domain, string name, string inputs, string outputs, params GraphMessage[] nodes)
    {
        var function = new GraphMessage().Text(1, name).Text(10, domain);
        foreach (var input in Names(inputs)) function.Text(4, input);
        foreach (var output in Names(outputs)) function.Text(5, output);
        foreach (var node in nodes) function.Message(7, node);
        functions.Add(function.Message(9, new GraphMessage().Text(1, "").Number(2, 17)).Message(9, new GraphMessage().Text(1, domain).Number(2, 1)));
        return this;
    }

    public GraphMessage Graph() => new GraphMessage().Raw(graph.ToArray()).Text(2, "graph");

    public byte[] Build(long ir = 8, long opset = 17)
    {
        var model = new GraphMessage().Number(1, ir).Message(7, Graph()).Message(8, new GraphMessage().Text(1, "").Number(2, opset));
        foreach (var (domain, version) in opsets) model.Message(8, new GraphMessage().Text(1, domain).Number(2, version));
        foreach (var function in functions) model.Message(25, function);
        return model.ToArray();
    }

    public static GraphMessage NodeMessage(string domain, string op, string inputs, string outputs, params (string Name, object Value)[] attributes)
    {
        var node = new GraphMessage().Text(3, op + ":" + outputs).Text(4, op).Text(7, domain);
        foreach (var input in Names(inputs)) node.Text(1, input == "_" ? "" : input);
        foreach (var output in Names(outputs)) node.Text(2, output);
        foreach (var (name, value) in attributes) node.Message(5, Attribute(name, value));
        return node;
    }

    public static GraphMessage Tensor(string name, int type, long[] dims, ReadOnlySpan<byte> raw)
    {
        var tensor = new GraphMessage();
        foreach (var dim in dims) tensor.Number(1, dim);
        return tensor.Number(2, type).Text(8, name).Bytes(9, raw);
    }

    public static GraphMessage External(string name, int type, long[] dims, string location, long? offset = null, long? length = null)
    {
        var tensor = new GraphMessage();
        foreach (var dim in dims) tensor.Number(1, dim);
        tensor.Number(2, type).Text(8, name).Message(13, Entry("location", location));
        if (offset is not null) tensor.Message(13, Entry("offset", offset.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        if (length is not null) tensor.Message(13, Entry("length", length.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return tensor.Number(14, 1);
    }

    public static GraphMessage TensorType(int type, object[]? dims)
    {
        var tensor = new GraphMessage().Number(1, type);
        if (dims is null) return new GraphMessage().Message(1, tensor);
        var shape = new GraphMessage();
        foreach (var dim in dims) shape.Message(1, dim is string name ? new GraphMessage().Text(2, name) : new GraphMessage().Number(1, Convert.ToInt64(dim, null)));
        return new GraphMessage().Message(1, tensor.Message(2, shape));
    }

    private static GraphMessage Entry(string key, string value) => new GraphMessage().Text(1, key).Text(2, value);

    private GraphModel Value(int field, string name, int type, object[]? dims) => Value(field, name, TensorType(type, dims));

    private static GraphMessage Attribute(string name, object value)
    {
        var attribute = new GraphMessage().Text(1, name);
        return value switch
        {
            long number => attribute.Number(3, number).Number(20, 2),
            int number => attribute.Number(3, number).Number(20, 2),
            float number => attribute.Single(2, number).Number(20, 1),
            string text => attribute.Bytes(4, Encoding.UTF8.GetBytes(text)).Number(20, 3),
            GraphMessage tensor => attribute.Message(5, tensor).Number(20, 4),
            GraphModel graph => attribute.Message(6, graph.Graph()).Number(20, 5),
            long[] numbers => numbers.Aggregate(attribute, (a, n) => a.Number(8, n)).Number(20, 7),
            string[] texts => texts.Aggregate(attribute, (a, t) => a.Bytes(9, Encoding.UTF8.GetBytes(t))).Number(20, 8),
            _ => throw new ArgumentException($"No such attribute: {value.GetType()}", nameof(value)),
        };
    }

    private static string[] Names(string names) => names.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
