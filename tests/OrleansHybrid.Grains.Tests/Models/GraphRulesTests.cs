using OrleansHybrid.Inference.Graph;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

public sealed class GraphRulesTests
{
    [Theory]
    [InlineData("Div")]
    [InlineData("Mod")]
    public void Integer_division_by_an_input_is_refused(string op) => Refused(IntegerDivision(op, m => m.Input("b", GraphModel.Int32, "N")), "divides integers");

    [Theory]
    [InlineData(new[] { 2 }, true)]
    [InlineData(new[] { 3, -2, 7 }, true)]
    [InlineData(new[] { 3, 0 }, false)]
    [InlineData(new[] { -1 }, false)]
    public void Integer_division_by_a_constant_depends_on_its_elements(int[] divisors, bool allowed)
    {
        var model = IntegerDivision("Div", m => m.Initializer("b", GraphModel.Int32, [divisors.Length], divisors));

        if (allowed) Allowed(model);
        else Refused(model, "holds 0 or -1");
    }

    [Fact]
    public void Unsigned_divisor_may_be_all_ones() =>
        Allowed(GraphModel.New().Input("a", GraphModel.Uint8, "N").Initializer("b", GraphModel.Uint8, [1], (byte)255).Node("Div", "a b", "y").Output("y", GraphModel.Uint8, "N"));

    [Fact]
    public void Divisor_in_typed_fields_is_read()
    {
        var packed = new GraphMessage().Number(1, 2).Number(2, GraphModel.Int64).Text(8, "b").Bytes(7, [4, 8]);
        var zero = new GraphMessage().Number(1, 2).Number(2, GraphModel.Int64).Text(8, "b").Bytes(7, [4, 0]);
        var missing = new GraphMessage().Number(1, 3).Number(2, GraphModel.Int64).Text(8, "b").Bytes(7, [4, 8]);

        Allowed(Int64Division(m => m.Initializer(packed)));
        Refused(Int64Division(m => m.Initializer(zero)), "holds 0 or -1");
        Refused(Int64Division(m => m.Initializer(missing)), "divides integers");
    }

    [Fact]
    public void Shape_arithmetic_by_a_positive_constant_passes() =>
        Allowed(GraphModel.New().Input("x", GraphModel.Float, "N", "C")
            .Node("Shape", "x", "shape").Node("Constant", "", "one", ("value_int", 1L)).Node("Gather", "shape one", "c")
            .Node("Constant", "", "two", ("value", GraphModel.Tensor("", GraphModel.Int64, [], BitConverter.GetBytes(2L)))).Node("Div", "c two", "half")
            .Node("Cast", "half", "half32", ("to", GraphModel.Int32)).Output("half32", GraphModel.Int32));

    [Fact]
    public void Divisor_that_comes_from_a_shape_is_refused() =>
        Refused(GraphModel.New().Input("x", GraphModel.Float, "N").Node("Shape", "x", "s").Node("Size", "x", "n").Node("Div", "n s", "y").Output("y", GraphModel.Int64, 1), "divides integers");

    [Fact]
    public void Constant_stays_safe_through_reshapes_and_casts_that_keep_it()
    {
        GraphModel With(long value, int to) => GraphModel.New().Input("a", GraphModel.Int32, "N").Initializer("c", GraphModel.Int64, [1], value)
            .Node("Identity", "c", "c2").Node("Cast", "c2", "b", ("to", to)).Node("Div", "a b", "y").Output("y", GraphModel.Int32, "N");

        Allowed(With(8, GraphModel.Int32));
        Refused(With(1L << 32, GraphModel.Int32), "divides integers"); // 32 bits of it are zero.
        Refused(With(0xFFFF_FFFF, GraphModel.Int32), "divides integers"); // 32 bits of it are -1.
    }

    [Fact]
    public void Float_division_passes_when_its_type_can_be_traced() =>
        Allowed(GraphModel.New().Input("x", GraphModel.Float, "N").Input("n", GraphModel.Int64, "N")
            .Node("Exp", "x", "e").Node("ReduceSum", "e", "s").Node("Div", "e s", "y")
            .Node("Cast", "n", "f", ("to", GraphModel.Double)).Node("Sqrt", "f", "r").Node("Mod", "f r", "z", ("fmod", 1L))
            .Output("y", GraphModel.Float, "N").Output("z", GraphModel.Double, "N"));

    [Fact]
    public void Division_of_an_unknown_type_is_refused_and_a_stated_type_settles_it()
    {
        GraphModel Model() => GraphModel.New().Input("x", GraphModel.Float, "N").Node("ai.onnx.ml", "Scaler", "x", "s").Node("Div", "s s", "y").Output("y", GraphModel.Float, "N").Opset("ai.onnx.ml", 3);

        Refused(Model(), "cannot be traced");
        Allowed(Model().Inner("s", GraphModel.Float, "N"));
    }

    [Fact]
    public void Stated_type_that_contradicts_the_graph_does_not_help() =>
        Refused(IntegerDivision("Div", m => m.Input("b", GraphModel.Int32, "N").Inner("b", GraphModel.Float, "N")), "Div");

    [Fact]
    public void Division_inside_subgraphs_is_found()
    {
        var unsafe_ = GraphModel.New().Node("Div", "a b", "t").Output("t", GraphModel.Int32, "N");
        var safe = GraphModel.New().Node("Identity", "a", "e").Output("e", GraphModel.Int32, "N");
        var inner = GraphModel.New().Node("If", "cond", "u", ("then_branch", unsafe_), ("else_branch", safe)).Output("u", GraphModel.Int32, "N");

        Refused(GraphModel.New().Input("cond", GraphModel.Bool).Input("a", GraphModel.Int32, "N").Input("b", GraphModel.Int32, "N")
            .Node("If", "cond", "y", ("then_branch", inner), ("else_branch", safe)).Output("y", GraphModel.Int32, "N"), "divides integers");
    }

    [Fact]
    public void Subgraph_sees_the_types_and_constants_around_it()
    {
        var body = GraphModel.New().Input("i", GraphModel.Int64).Input("c", GraphModel.Bool).Input("v", GraphModel.Int64, 1)
            .Node("Identity", "c", "c2").Node("Div", "v two", "v2").Output("c2", GraphModel.Bool).Output("v2", GraphModel.Int64, 1);

        Allowed(GraphModel.New().Input("x", GraphModel.Int64, 1).Initializer("two", GraphModel.Int64, [1], 2L).Initializer("n", GraphModel.Int64, [], 3L)
            .Node("Loop", "n _ x", "y", ("body", body)).Output("y", GraphModel.Int64, 1));
    }

    [Fact]
    public void Function_is_judged_by_what_each_call_gives_it()
    {
        GraphModel Call(int type) => GraphModel.New().Input("x", type, "N").Node("my", "Half", "x x", "y").Output("y", type, "N")
            .Function("my", "Half", "a b", "c", GraphModel.NodeMessage("", "Div", "a b", "c")).Opset("my", 1);

        Allowed(Call(GraphModel.Float));
        Refused(Call(GraphModel.Int32), "divides integers");
    }

    [Fact]
    public void Functions_that_call_one_another_without_end_are_given_up()
    {
        var model = GraphModel.New().Input("x", GraphModel.Float, "N").Node("my", "F0", "x", "y").Output("y", GraphModel.Float, "N").Opset("my", 1);
        for (var i = 0; i < 22; i++)
        {
            model.Function("my", $"F{i}", "a", "c", GraphModel.NodeMessage("my", $"F{i + 1}", "a", "b"), GraphModel.NodeMessage("my", $"F{i + 1}", "b", "d"), GraphModel.NodeMessage("my", $"F{i + 1}", "d", "c"));
        }

        Refused(model.Function("my", "F22", "a", "c", GraphModel.NodeMessage("", "Relu", "a", "c")), "cannot be checked");
        Refused(GraphModel.New().Input("x", GraphModel.Float, "N").Node("my", "F", "x", "y").Output("y", GraphModel.Float, "N")
            .Function("my", "F", "a", "c", GraphModel.NodeMessage("my", "F", "a", "c")).Opset("my", 1), "cannot be checked");
    }

    [Theory]
    [InlineData("../secret.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b.bin")]
    [InlineData("a\\b.bin")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("C:x")]
    public void External_data_outside_the_folder_is_refused(string location) =>
        Refused(Identity().Initializer(GraphModel.External("w", GraphModel.Float, [4], location)), "external file");

    [Fact]
    public void External_data_of_a_constant_in_a_subgraph_is_refused_too()
    {
        var branch = GraphModel.New().Node("Constant", "", "e", ("value", GraphModel.External("", GraphModel.Float, [2], "../x"))).Output("e", GraphModel.Float, 2);

        Refused(GraphModel.New().Input("c", GraphModel.Bool).Node("If", "c", "y", ("then_branch", branch), ("else_branch", branch)).Output("y", GraphModel.Float, 2), "external file");
    }

    [Fact]
    public void Operator_of_an_unknown_domain_is_refused_and_a_local_function_is_not()
    {
        Refused(Identity().Node("com.example", "Magic", "x", "z"), "com.example:Magic is not one that ONNX Runtime brings");
        Refused(Identity().Function("", "Div", "a b", "c", GraphModel.NodeMessage("", "Add", "a b", "c")), "takes a built-in operator's domain");
    }

    [Fact]
    public void Graph_compiled_for_a_device_is_refused() => Refused(Identity().Node("com.microsoft", "EPContext", "x", "z"), "EPContext");

    [Fact]
    public void Sequence_map_and_untyped_outputs_are_refused()
    {
        var sequence = new GraphMessage().Message(4, new GraphMessage().Message(1, GraphModel.TensorType(GraphModel.Float, [1])));

        Refused(Identity().Value(12, "s", sequence), "Output 's' is a sequence");
        Refused(Identity().Output("c", 14, 1), "cannot carry");
        Refused(Identity().Output("u", 0, 1), "no element type");
    }

    [Fact]
    public void Weights_larger_than_the_bound_are_refused() =>
        Refused(Identity().Initializer(GraphModel.Tensor("w", GraphModel.Double, [1L << 40], [])), "MiB is the most");

    [Fact]
    public void Refusals_are_bounded()
    {
        var model = Identity();
        for (var i = 0; i < 500; i++) model.Node("com.example", $"Op{i}", "x", $"z{i}");

        var refusals = GraphRules.Check(OnnxGraphReader.Read(model.Build()).Summary!);

        Assert.Equal("And 468 more.", refusals[^1]);
    }

    private static GraphModel Identity() => GraphModel.New().Input("x", GraphModel.Float, 2).Node("Identity", "x", "y").Output("y", GraphModel.Float, 2);

    private static GraphModel IntegerDivision(string op, Func<GraphModel, GraphModel> divisor) =>
        divisor(GraphModel.New().Input("a", GraphModel.Int32, "N")).Node(op, "a b", "y").Output("y", GraphModel.Int32, "N");

    private static GraphModel Int64Division(Func<GraphModel, GraphModel> divisor) =>
        divisor(GraphModel.New().Input("a", GraphModel.Int64, "N")).Node("Div", "a b", "y").Output("y", GraphModel.Int64, "N");

    private static void Allowed(GraphModel model) => Assert.Empty(Check(model));

    private static void Refused(GraphModel model, string because) => Assert.Contains(Check(model), r => r.Contains(because, StringComparison.Ordinal));

    private static IReadOnlyList<string> Check(GraphModel model)
    {
        var read = OnnxGraphReader.Read(model.Build());
        Assert.Empty(read.Errors);
        return GraphRules.Check(read.Summary!);
    }
}
