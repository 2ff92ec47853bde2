using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Tensors;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

public sealed class EngineTensorTests
{
    public static TheoryData<TensorDataType, int, byte[]> Types => new()
    {
        { TensorDataType.Bool, 9, [1, 0, 1] },
        { TensorDataType.Uint8, 2, [0, 7, 255] },
        { TensorDataType.Uint16, 4, Bytes<ushort>(0, 7, ushort.MaxValue) },
        { TensorDataType.Uint32, 12, Bytes<uint>(0, 7, uint.MaxValue) },
        { TensorDataType.Uint64, 13, Bytes<ulong>(0, 7, ulong.MaxValue) },
        { TensorDataType.Int8, 3, [0, 0x80, 0x7F] },
        { TensorDataType.Int16, 5, Bytes(short.MinValue, (short)1, short.MaxValue) },
        { TensorDataType.Int32, 6, Bytes(int.MinValue, 1, int.MaxValue) },
        { TensorDataType.Int64, 7, Bytes(long.MinValue, 1, long.MaxValue) },
        { TensorDataType.Fp16, 10, Bytes((Half)1.5, Half.NaN, Half.MinValue) },
        { TensorDataType.Bf16, 16, [0x80, 0x3F, 0x00, 0xC0, 0xC0, 0x7F] },
        { TensorDataType.Fp32, 1, Bytes(1.5f, float.NaN, float.Epsilon) },
        { TensorDataType.Fp64, 11, Bytes(1.5, double.NegativeInfinity, double.Epsilon) },
        { TensorDataType.Bytes, 8, [0, 0, 0, 0, 3, 0, 0, 0, (byte)'a', 0, 0xFF, 1, 0, 0, 0, 0xC3] },
    };

    [Theory, MemberData(nameof(Types))]
    public async Task Every_type_comes_back_as_it_went(TensorDataType type, int onnx, byte[] content)
    {
        await using var harness = new EngineHarness();
        await harness.Load(GraphModel.New().Input("x", onnx, "N").Node("Identity", "x", "y").Output("y", onnx, "N").Build());

        var outcome = await harness.Run([new Tensor("x", type, new TensorShape(3), harness.Pool.Copy(content))]);

        Assert.Null(outcome.Failure);
        Assert.Equal((type, new TensorShape(3)), (outcome.Outputs[0].DataType, outcome.Outputs[0].Shape));
        Assert.Equal(content, outcome.Outputs[0].Data.Span.ToArray());
        EngineHarness.Release(outcome);
    }

    [Theory]
    [InlineData(TensorDataType.Fp32, 1)]
    [InlineData(TensorDataType.Bytes, 8)]
    public async Task Scalars_and_tensors_without_elements_come_back(TensorDataType type, int onnx)
    {
        await using var harness = new EngineHarness();
        await harness.Load(GraphModel.New().Input("x", onnx).Input("z", onnx, "N", 3).Node("Identity", "x", "y").Node("Identity", "z", "w").Output("y", onnx).Output("w", onnx, "N", 3).Build());

        var outcome = await harness.Run([
            new Tensor("x", type, new TensorShape(), harness.Pool.Copy([0, 0, 0, 0])),
            new Tensor("z", type, new TensorShape(0, 3), harness.Pool.Rent(0))]);

        Assert.Null(outcome.Failure);
        Assert.Equal(["[]", "[0,3]"], outcome.Outputs.Select(o => o.Shape.ToString()));
        Assert.Equal([4, 0], outcome.Outputs.Select(o => o.Data.Length));
        EngineHarness.Release(outcome);
    }

    [Fact]
    public async Task Outputs_come_in_the_order_asked_for()
    {
        await using var harness = new EngineHarness();
        await harness.Load(GraphModel.New().Input("a", GraphModel.Float, 2).Input("b", GraphModel.Float, 2)
            .Node("Add", "a b", "sum").Node("Sub", "a b", "less").Node("Mul", "a b", "product")
            .Output("sum", GraphModel.Float, 2).Output("less", GraphModel.Float, 2).Output("product", GraphModel.Float, 2).Build());

        var outcome = await harness.Run([harness.Floats("b", [2], 3, 4), harness.Floats("a", [2], 1, 2)], outputs: ["product", "sum"]);

        Assert.Equal(["product", "sum"], outcome.Outputs.Select(o => o.Name));
        Assert.Equal([3, 8], EngineHarness.Take<float>(outcome));
        Assert.Equal([4, 6], EngineHarness.Take<float>(outcome, 1));
    }

    public static TheoryData<string, Func<EngineHarnessTensors, Tensor[]>, string> Wrong => new()
    {
        { "missing", t => [t.Floats("x", [1, 4], 1, 2, 3, 4)], "Input 'flag' is missing: expected 'flag' BOOL [-1]." },
        { "unknown", t => [t.Floats("q", [1], 1)], "The model has no input 'q'. Its inputs are: 'x' FP32 [-1,4], 'flag' BOOL [-1]." },
        { "twice", t => [t.Floats("x", [1, 4], 1, 2, 3, 4), t.Floats("x", [1, 4], 1, 2, 3, 4)], "Input 'x' was given twice. Give it once." },
        { "type", t => [t.Flag(), t.Make("x", TensorDataType.Int32, [1, 4], 16)], "Input 'x' must be FP32; INT32 came." },
        { "rank", t => [t.Flag(), t.Floats("x", [4], 1, 2, 3, 4)], "Input 'x' must have shape [-1,4]; [4] came." },
        { "dimension", t => [t.Flag(), t.Floats("x", [1, 3], 1, 2, 3)], "Input 'x' must have shape [-1,4]; [1,3] came." },
        { "negative", t => [t.Flag(), t.Make("x", TensorDataType.Fp32, [-1, 4], 16)], "Input 'x' has shape [-1,4]: give whole numbers from 0 whose product fits." },
        { "overflow", t => [t.Flag(), t.Make("x", TensorDataType.Fp32, [long.MaxValue, 4], 16)], "Input 'x' has shape [9223372036854775807,4]: give whole numbers from 0 whose product fits." },
        { "too short", t => [t.Flag(), t.Make("x", TensorDataType.Fp32, [2, 4], 16)], "Input 'x' of shape [2,4] takes 32 bytes of FP32; 16 came." },
        { "huge", t => [t.Flag(), t.Make("x", TensorDataType.Fp32, [1L << 60, 4], 16)], "Input 'x' of shape [1152921504606846976,4] takes 18446744073709551616 bytes of FP32; 16 came." },
        { "not a bool", t => [t.Floats("x", [1, 4], 1, 2, 3, 4), t.Make("flag", TensorDataType.Bool, [1], 1, 7)], "Input 'flag' is BOOL: every byte must be 0 or 1." },
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task Wrong_input_is_refused_by_name(string what, Func<EngineHarnessTensors, Tensor[]> inputs, string message)
    {
        await using var harness = new EngineHarness();
        await harness.Load(GraphModel.New().Input("x", GraphModel.Float, "N", 4).Input("flag", GraphModel.Bool, "M").Node("Identity", "x", "y").Node("Identity", "flag", "f")
            .Output("y", GraphModel.Float, "N", 4).Output("f", GraphModel.Bool, "M").Build());

        var outcome = await harness.Run(inputs(new EngineHarnessTensors(harness.Pool)));

        Assert.True(outcome.Failure is { Code: FailureCode.BadInput }, what);
        Assert.Equal(message, outcome.Failure!.Message);
        Assert.Equal(1, harness.Statistics().Failures);
    }

    [Fact]
    public async Task Wrong_strings_and_outputs_are_refused_by_name()
    {
        await using var harness = new EngineHarness();
        await harness.Load(GraphModel.New().Input("x", GraphModel.String, "N").Node("Identity", "x", "y").Output("y", GraphModel.String, "N").Build());
        Tensor Text(byte[] content) => new("x", TensorDataType.Bytes, new TensorShape(2), harness.Pool.Copy(content));

        Assert.Equal("Input 'x' of shape [2] takes 2 elements; 1 came.", (await harness.Run([harness.Strings("x", [2], "one"u8.ToArray())])).Failure!.Message);
        Assert.StartsWith("Input 'x' is BYTES: each element", (await harness.Run([Text([9, 0, 0, 0, 1])])).Failure!.Message);
        Assert.StartsWith("Input 'x' is BYTES: each element", (await harness.Run([Text([0xFF, 0xFF, 0xFF, 0xFF, 1])])).Failure!.Message);
        Assert.Equal("The model has no output 'z'. Its outputs are: 'y' BYTES [-1].", (await harness.Run([harness.Strings("x", [1], "a"u8.ToArray())], outputs: "z")).Failure!.Message);
        Assert.Equal("Output 'y' was asked for twice. Ask once.", (await harness.Run([harness.Strings("x", [1], "a"u8.ToArray())], outputs: ["y", "y"])).Failure!.Message);
    }

    [Fact]
    public async Task Variant_that_is_not_loaded_is_a_clear_answer()
    {
        await using var harness = new EngineHarness();

        var outcome = await harness.Run([]);

        Assert.Equal((FailureCode.ModelNotReady, "Variant 'v' of m@1 is not loaded here."), (outcome.Failure!.Code, outcome.Failure.Message));
    }

    private static byte[] Bytes<T>(params T[] values) where T : unmanaged => System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}

/// <summary>Makes tensors that need not be right.</summary>
public sealed class EngineHarnessTensors(TensorPool pool)
{
    public Tensor Make(string name, TensorDataType type, long[] shape, int bytes, byte fill = 0)
    {
        var lease = pool.Rent(bytes);
        lease.Span.Fill(fill);
        return new Tensor(name, type, new TensorShape(shape), lease);
    }

    public Tensor Floats(string name, long[] shape, params float[] values) =>
        new(name, TensorDataType.Fp32, new TensorShape(shape), pool.Copy(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan())));

    public Tensor Flag() => Make("flag", TensorDataType.Bool, [1], 1);
}
