using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Graph;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

public sealed class GraphReaderTests
{
    public static TheoryData<string> Models => new(GraphFiles.Names);

    [SkippableTheory, MemberData(nameof(Models))]
    public void Real_model_is_read_and_passes_the_rules(string model)
    {
        var read = OnnxGraphReader.Read(GraphFiles.Read(model));

        Assert.Empty(read.Errors);
        Assert.Empty(GraphRules.Check(read.Summary!));
    }

    [SkippableFact]
    public void Silero_gives_its_scalar_its_free_dimensions_and_its_subgraphs()
    {
        var graph = OnnxGraphReader.Read(GraphFiles.Read("silero_vad_16k")).Summary!;

        Assert.Equal(["input FP32 [-1,-1]", "state FP32 [2,-1,128]", "sr INT64 []"], graph.Inputs.Select(Show));
        Assert.True(graph.Subgraphs > 10);
        Assert.Contains(graph.Operators, o => o.Name == "LSTM");
    }

    [SkippableFact]
    public void Initializers_that_are_inputs_too_are_not_asked_of_a_caller()
    {
        var graph = OnnxGraphReader.Read(GraphFiles.Read("mnist")).Summary!;

        Assert.Equal(["Input3 FP32 [1,1,28,28]"], graph.Inputs.Select(Show));
        Assert.Equal(["Plus214_Output_0 FP32 [1,10]"], graph.Outputs.Select(Show));
        Assert.Equal(2, graph.Operators.Single(o => o.Name == "Conv").Count);
    }

    [Fact]
    public void Every_tensor_type_of_the_protocol_is_read()
    {
        int[] types = [9, 2, 4, 12, 13, 3, 5, 6, 7, 10, 16, 1, 11, 8];
        var model = GraphModel.New();
        foreach (var type in types) model.Input($"x{type}", type, "N").Node("Identity", $"x{type}", $"y{type}").Output($"y{type}", type, "N");

        var graph = OnnxGraphReader.Read(model.Build()).Summary!;

        Assert.Equal(Enum.GetValues<TensorDataType>(), graph.Inputs.Select(i => i.DataType));
    }

    [Fact]
    public void External_data_is_listed_with_its_place()
    {
        var model = Identity().Initializer(GraphModel.External("w", GraphModel.Float, [4], "weights.bin", 16, 16));

        var graph = OnnxGraphReader.Read(model.Build()).Summary!;

        Assert.Equal([new ExternalDataRange("w", "weights.bin", 16, 16)], graph.ExternalData);
        Assert.Equal(16, graph.InitializerBytes);
        Assert.Empty(GraphRules.Check(graph));
    }

    [Fact]
    public void Tensor_without_a_stated_shape_is_told_apart()
    {
        var graph = OnnxGraphReader.Read(GraphModel.New().Input("x", GraphModel.Float, null).Node("Relu", "x", "y").Output("y", GraphModel.Float, null).Build()).Summary!;

        Assert.Equal(["x", "y"], graph.UnknownRank.Order());
    }

    public static TheoryData<string, byte[]> Broken => new()
    {
        { "empty", [] },
        { "no graph", new GraphMessage().Number(1, 8).ToArray() },
        { "truncated varint", [0x08, 0x80] },
        { "varint over ten bytes", [0x08, .. Enumerable.Repeat((byte)0xFF, 12)] },
        { "varint over 64 bits", [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F] },
        { "length past the end", [0x3A, 0x40, 0x01] },
        { "huge length", [0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F] },
        { "field number zero", [0x00, 0x01] },
        { "group", [0x3B, 0x3C] },
        { "graph as a number", new GraphMessage().Number(7, 1).ToArray() },
        { "graph twice", new GraphMessage().Message(7, Identity().Graph()).Message(7, Identity().Graph()).ToArray() },
        { "operator twice", Wrap(new GraphMessage().Message(1, new GraphMessage().Text(4, "Add").Text(4, "Div"))) },
        { "name that is not UTF-8", Wrap(new GraphMessage().Message(1, new GraphMessage().Bytes(4, [0xC3, 0x28]))) },
        { "negative dimension", Wrap(new GraphMessage().Message(5, new GraphMessage().Number(1, -5).Number(2, 1))) },
        { "dimensions that overflow", Wrap(new GraphMessage().Message(5, new GraphMessage().Number(1, 1L << 40).Number(1, 1L << 40).Number(2, 1))) },
        { "too many dimensions", Wrap(Enumerable.Range(0, 40).Aggregate(new GraphMessage(), (t, _) => t.Number(1, 1)), 5) },
        { "location twice", Wrap(new GraphMessage().Message(13, Location("a")).Message(13, Location("b")).Number(14, 1), 5) },
        { "external without a file", Wrap(new GraphMessage().Number(14, 1), 5) },
        { "recursion", Wrap(Nested(200)) },
    };

    [Theory, MemberData(nameof(Broken))]
    public void Broken_file_is_one_clear_error(string what, byte[] file)
    {
        var read = OnnxGraphReader.Read(file);

        Assert.True(read.Summary is null, what);
        Assert.StartsWith("The ONNX file cannot be read: ", Assert.Single(read.Errors));
    }

    [Fact]
    public void Nesting_within_the_bound_is_read() =>
        Assert.Equal(Limits.GraphDepthMax, OnnxGraphReader.Read(Wrap(Nested(Limits.GraphDepthMax))).Summary!.Subgraphs);

    private static GraphModel Identity() => GraphModel.New().Input("x", GraphModel.Float, 2).Node("Identity", "x", "y").Output("y", GraphModel.Float, 2);

    private static byte[] Wrap(GraphMessage graph) => new GraphMessage().Message(7, graph).ToArray();

    private static byte[] Wrap(GraphMessage part, int field) => Wrap(new GraphMessage().Message(field, part));

    private static GraphMessage Location(string file) => new GraphMessage().Text(1, "location").Text(2, file);

    private static GraphMessage Nested(int depth)
    {
        var graph = new GraphMessage();
        for (var i = 0; i < depth; i++) graph = new GraphMessage().Message(1, new GraphMessage().Text(4, "If").Message(5, new GraphMessage().Text(1, "then_branch").Message(6, graph)));
        return graph;
    }

    private static string Show(TensorSpec spec) => $"{spec.Name} {spec.DataType.WireName()} {spec.Shape}";
}
