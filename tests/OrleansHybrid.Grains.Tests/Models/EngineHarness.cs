using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Time.Testing;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Engine;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

/// <summary>An engine over a poisoned pool, with short ways to load models and ask them.</summary>
internal sealed class EngineHarness : IAsyncDisposable
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    public EngineHarness(EngineSettings? settings = null, TimeProvider? clock = null)
    {
        Clock = clock ?? TimeProvider.System;
        Engine = new OnnxInferenceEngine(settings ?? new EngineSettings { DefaultInstances = 2, DrainMax = TimeSpan.FromSeconds(20) }, Pool, Clock, Notes.Add);
    }

    public TimeProvider Clock { get; }

    public TensorPool Pool { get; } = new(poison: true);

    public List<string> Notes { get; } = [];

    public OnnxInferenceEngine Engine { get; }

    public static VariantKey Key(string model = "m") => new(model, 1, "v");

    public static BatchingSettings Batch(int max, TimeSpan delay = default, int queue = 256, params int[] preferred) => new(max, preferred, delay, queue);

    public static VariantToLoad Variant(byte[] onnx, BatchingSettings? batching = null, int instances = 0, string model = "m", IReadOnlyList<TensorSpec>? inputs = null, IReadOnlyList<TensorSpec>? outputs = null) =>
        new(Key(model), onnx, null, "model.onnx", "sha256:0", batching ?? BatchingSettings.None, new InstanceSettings(instances, 0), inputs, outputs);

    public async Task<LoadedVariant> Load(byte[] onnx, BatchingSettings? batching = null, int instances = 0, string model = "m")
    {
        var outcome = await Engine.LoadAsync(Variant(onnx, batching, instances, model), CancellationToken.None);
        Assert.Null(outcome.Failure);
        return outcome.Loaded!;
    }

    public VariantStatistics Statistics(string model = "m") => Engine.State.Variants[Key(model)].Statistics;

    /// <summary>Runs and releases the caller's own holds as a caller does: when it has its answer.</summary>
    public async Task<EngineOutcome> Run(Tensor[] inputs, CancellationToken cancellationToken = default, TimeSpan? timeLeft = null, int priority = 0, string model = "m", params string[] outputs)
    {
        try
        {
            return await Engine.RunAsync(new EngineRequest(Key(model), inputs, outputs, timeLeft ?? Bound, priority), cancellationToken);
        }
        finally
        {
            foreach (var input in inputs) input.Data.Release();
        }
    }

    public Tensor Of<T>(string name, TensorDataType type, long[] shape, params T[] values) where T : unmanaged =>
        new(name, type, new TensorShape(shape), Pool.Copy(MemoryMarshal.AsBytes(values.AsSpan())));

    public Tensor Floats(string name, long[] shape, params float[] values) => Of(name, TensorDataType.Fp32, shape, values);

    public Tensor Strings(string name, long[] shape, params byte[][] elements)
    {
        var content = new List<byte>();
        foreach (var element in elements)
        {
            var length = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, element.Length);
            content.AddRange([.. length, .. element]);
        }

        return new Tensor(name, TensorDataType.Bytes, new TensorShape(shape), Pool.Copy([.. content]));
    }

    /// <summary>The values of an output, whose lease is released.</summary>
    public static T[] Take<T>(EngineOutcome outcome, int output = 0) where T : unmanaged
    {
        Assert.Null(outcome.Failure);
        var values = MemoryMarshal.Cast<byte, T>(outcome.Outputs[output].Data.Span).ToArray();
        outcome.Outputs[output].Data.Release();
        return values;
    }

    /// <summary>Asserts the first output's values, and releases it.</summary>
    public static void Holds(EngineOutcome outcome, params float[] expected) => Assert.Equal(expected, Take<float>(outcome));

    public static void Release(EngineOutcome outcome)
    {
        foreach (var output in outcome.Outputs) output.Data.Release();
    }

    /// <summary>Waits for a condition, with a bound.</summary>
    public static async Task Until(Func<bool> condition, string what)
    {
        using var bound = new CancellationTokenSource(Bound);
        while (!condition())
        {
            Assert.False(bound.IsCancellationRequested, $"did not happen: {what}");
            await Task.Yield();
        }
    }

    /// <summary>y = x + by, over rows of four.</summary>
    public static byte[] Add(float by) => GraphModel.New().Input("x", GraphModel.Float, "N", 4).Initializer("by", GraphModel.Float, [1], by)
        .Node("Add", "x by", "y").Output("y", GraphModel.Float, "N", 4).Build();

    /// <summary>Adds one to x as often as n says: a run as long as one asks for, that can end between two additions.</summary>
    public static byte[] Slow()
    {
        var body = GraphModel.New().Input("i", GraphModel.Int64).Input("c", GraphModel.Bool).Input("v", GraphModel.Float, 1).Initializer("one", GraphModel.Float, [1], 1f)
            .Node("Identity", "c", "c2").Node("Add", "v one", "v2").Output("c2", GraphModel.Bool).Output("v2", GraphModel.Float, 1);
        return GraphModel.New().Input("n", GraphModel.Int64).Input("x", GraphModel.Float, 1).Node("Loop", "n _ x", "y", ("body", body)).Output("y", GraphModel.Float, 1).Build();
    }

    public Tensor[] SlowInputs(long times, float from = 0) => [Of("n", TensorDataType.Int64, [], times), Floats("x", [1], from)];

    /// <summary>Rows of a table by index; an index outside of it fails the run.</summary>
    public static byte[] Table() => GraphModel.New().Input("i", GraphModel.Int64, "N").Initializer("t", GraphModel.Float, [4, 2], 0f, 1f, 10f, 11f, 20f, 21f, 30f, 31f)
        .Node("Gather", "t i", "y").Output("y", GraphModel.Float, "N", 2).Build();

    public static FakeTimeProvider FakeClock() => new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        Assert.Equal(0, Pool.Leased);
    }
}
