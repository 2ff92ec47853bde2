using OrleansHybrid.Domain.Tensors;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

public sealed class EngineLoadTests
{
    public static TheoryData<string> Models => new(GraphFiles.Names);

    [SkippableTheory, MemberData(nameof(Models))]
    public async Task Real_model_loads_warms_up_and_answers(string model)
    {
        await using var harness = new EngineHarness();
        var loaded = await harness.Load(GraphFiles.Read(model));
        if (model != "silero_vad_16k") Assert.Empty(harness.Notes); // It takes no sequence of one sample: it loads without a warm-up.
        var inputs = loaded.Inputs.Select(spec => Zeros(harness.Pool, spec)).ToArray();

        var outcome = await harness.Run(inputs);

        Assert.Null(outcome.Failure);
        Assert.Equal(loaded.Outputs.Select(o => o.Name), outcome.Outputs.Select(o => o.Name));
        Assert.All(outcome.Outputs.Zip(loaded.Outputs), pair => Assert.True(pair.Second.Shape.Accepts(pair.First.Shape), $"{pair.First.Shape} for {pair.Second.Shape}"));
        EngineHarness.Release(outcome);
    }

    public static TheoryData<string, byte[], string> Refused => new()
    {
        { "broken", [1, 2, 3], "The ONNX file cannot be read" },
        { "division", GraphModel.New().Input("a", GraphModel.Int32, 1).Input("b", GraphModel.Int32, 1).Node("Div", "a b", "y").Output("y", GraphModel.Int32, 1).Build(), "divides integers" },
        { "unknown operator", GraphModel.New().Input("a", GraphModel.Float, 1).Node("NoSuch", "a", "y").Output("y", GraphModel.Float, 1).Build(), "ONNX Runtime refused the graph" },
        { "external data", GraphModel.New().Input("a", GraphModel.Float, 1).Initializer(GraphModel.External("w", GraphModel.Float, [1], "w.bin")).Node("Add", "a w", "y").Output("y", GraphModel.Float, 1).Build(), "keeps weights in w.bin" },
    };

    [Theory, MemberData(nameof(Refused))]
    public async Task Hostile_graph_is_refused_with_a_reason_and_leaves_nothing(string what, byte[] onnx, string reason)
    {
        await using var harness = new EngineHarness();

        var outcome = await harness.Engine.LoadAsync(EngineHarness.Variant(onnx), default);

        Assert.True(outcome.Loaded is null, what);
        Assert.Contains(reason, outcome.Failure!.Message, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"/\w+/|\.cc|\.h:", outcome.Failure.Message);
        Assert.Empty(harness.Engine.State.Variants);
    }

    [Fact]
    public async Task Stated_type_that_lies_about_an_operator_is_refused_by_the_runtime()
    {
        // The rules believe a stated type where they cannot trace one, because ONNX Runtime checks it: an integer division must not slip through.
        var model = GraphModel.New().Input("x", GraphModel.Int64, "N").Opset("ai.onnx.ml", 2)
            .Node("ai.onnx.ml", "LabelEncoder", "x", "l", ("keys_int64s", new[] { 1L, 2L }), ("values_int64s", new[] { 0L, 5L }))
            .Inner("l", GraphModel.Float, "N").Node("Div", "l l", "d").Node("Cast", "d", "y", ("to", 1)).Output("y", GraphModel.Float, "N").Build();
        await using var harness = new EngineHarness();

        var outcome = await harness.Engine.LoadAsync(EngineHarness.Variant(model), default);

        Assert.NotNull(outcome.Failure);
    }

    [Fact]
    public async Task Failed_reload_leaves_the_old_one_serving()
    {
        await using var harness = new EngineHarness();
        await harness.Load(EngineHarness.Add(1));

        Assert.NotNull((await harness.Engine.LoadAsync(EngineHarness.Variant([1, 2, 3]), default)).Failure);

        EngineHarness.Holds(await harness.Run([harness.Floats("x", [1, 4], 1, 2, 3, 4)]), 2, 3, 4, 5);
    }

    [Fact]
    public async Task Manifest_must_say_what_the_graph_is()
    {
        await using var harness = new EngineHarness();
        async Task<string> Load(TensorSpec[]? inputs, TensorSpec[]? outputs) =>
            (await harness.Engine.LoadAsync(EngineHarness.Variant(EngineHarness.Add(1), inputs: inputs, outputs: outputs), default)).Failure?.Message ?? "";
        TensorSpec X(TensorDataType type, params long[] shape) => new("x", type, new TensorShape(shape));

        Assert.Equal("", await Load([X(TensorDataType.Fp32, 2, 4)], null));
        Assert.Equal("Input 'x' must have shape [2,4]; [1,4] came.", (await harness.Run([harness.Floats("x", [1, 4], 1, 2, 3, 4)])).Failure!.Message);
        Assert.Equal("The manifest's input 'x' is INT32; the graph's is FP32. Correct the manifest.", await Load([X(TensorDataType.Int32, -1, 4)], null));
        Assert.Equal("The manifest's input 'x' has shape [-1,-1]; the graph's is [-1,4]. Correct the manifest.", await Load([X(TensorDataType.Fp32, -1, -1)], null));
        Assert.Equal("The graph's input 'x' FP32 [-1,4] is not in the manifest. Add it.", await Load([], null));
        Assert.Equal("The manifest's output 'z' is not in the graph, which has: 'y' FP32 [-1,4].", await Load(null, [new TensorSpec("z", TensorDataType.Fp32, new TensorShape(1))]));
    }

    [Fact]
    public async Task Weights_in_an_external_file_are_loaded_from_the_sealed_folder()
    {
        var folder = Directory.CreateTempSubdirectory("engine-external");
        try
        {
            var model = GraphModel.New().Input("x", GraphModel.Float, 300).Initializer(GraphModel.External("w", GraphModel.Float, [300], "w.bin", 8, 1200)).Node("Add", "x w", "y").Output("y", GraphModel.Float, 300).Build();
            File.WriteAllBytes(Path.Combine(folder.FullName, "model.onnx"), model);
            File.WriteAllBytes(Path.Combine(folder.FullName, "w.bin"), [.. new byte[8], .. Enumerable.Range(0, 300).SelectMany(i => BitConverter.GetBytes((float)i))]);
            await using var harness = new EngineHarness();
            var variant = EngineHarness.Variant(model) with { ExternalDataFolder = folder.FullName };

            Assert.Null((await harness.Engine.LoadAsync(variant, default)).Failure);

            Assert.Equal(Enumerable.Range(0, 300).Select(i => i + 1f), EngineHarness.Take<float>(await harness.Run([harness.Floats("x", [300], [.. Enumerable.Repeat(1f, 300)])])));
            File.Delete(Path.Combine(folder.FullName, "w.bin"));
            var missing = (await harness.Engine.LoadAsync(variant, default)).Failure!;
            Assert.Equal("The graph keeps weights in w.bin, which is missing. Put it beside the model.", missing.Message);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Warm_up_with_illegal_zeros_is_noted_and_the_variant_serves()
    {
        await using var harness = new EngineHarness();
        var model = GraphModel.New().Input("i", GraphModel.Int64, 1).Initializer("t", GraphModel.Float, [2], 5f, 6f).Initializer("one", GraphModel.Int64, [1], 7L)
            .Node("Sub", "i one", "j").Node("Gather", "t j", "y").Output("y", GraphModel.Float, 1).Build();

        await harness.Load(model);

        Assert.StartsWith("m@1/v: The variant was loaded without a warm-up: ", Assert.Single(harness.Notes));
        EngineHarness.Holds(await harness.Run([harness.Of("i", TensorDataType.Int64, [1], 8L)]), 6);
    }

    [Fact]
    public async Task Load_can_be_cancelled()
    {
        await using var harness = new EngineHarness();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await harness.Engine.LoadAsync(EngineHarness.Variant(EngineHarness.Add(1)), cancelled.Token));

        Assert.Empty(harness.Engine.State.Variants);
    }

    private static Tensor Zeros(TensorPool pool, TensorSpec spec)
    {
        // silero: free dimensions at one row of 576 samples, at 16 kHz.
        long[] dims = [.. spec.Shape.ToArray().Select((d, i) => d >= 0 ? d : spec.Name == "input" && i == 1 ? 576 : 1)];
        var shape = new TensorShape(dims);
        var lease = pool.Rent((int)shape.ElementCount!.Value * spec.DataType.ElementBytes());
        lease.Span.Clear();
        if (spec.Name == "sr") BitConverter.TryWriteBytes(lease.Span, 16000L);
        return new Tensor(spec.Name, spec.DataType, shape, lease);
    }
}
