using Microsoft.ML.OnnxRuntime;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Engine;
using OrleansHybrid.Inference.Repository;

namespace OrleansHybrid.Benchmarks.Memory;

/// <summary>What is repeated while memory is watched. Each part runs in a process of its own, so that none inherits another's heap.</summary>
internal static class MemoryParts
{
    public const string Engine = "engine", Bare = "bare", BareTrimmed = "bare-trimmed";
    public const string Big = "big", Small = "small", Steady = "steady";
    public static readonly string[] All = [Engine, Bare, BareTrimmed];
    public const int SampleEvery = 10;
    private const int Callers = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Loads and unloads both models through the repository, as an operator's calls do, while callers ask a third one and each model that is loaded.</summary>
    public static async Task RunEngineAsync(string models, string data, int cycles, Action<MemorySample> sampled)
    {
        var pool = new TensorPool();
        await using var engine = new OnnxInferenceEngine(new EngineSettings(), pool, TimeProvider.System);
        var repository = new ModelRepository(new RepositorySettings([models], Zone.Edge, data), engine, OnnxScan.Scan);
        await LoadAsync(repository, Steady);
        using var stop = new CancellationTokenSource();
        var asked = new long[Callers];
        var traffic = Enumerable.Range(0, Callers).Select(i => Task.Run(() => AskAsync(engine, pool, asked, i, stop.Token))).ToArray();
        sampled(MemorySample.Take(0));
        for (var cycle = 1; cycle <= cycles; cycle++)
        {
            await TurnAsync(repository, engine, pool, Big);
            await TurnAsync(repository, engine, pool, Small);
            if (cycle % SampleEvery == 0) sampled(MemorySample.Take(cycle));
        }

        sampled(MemorySample.TakeCollected(cycles + 1));
        await stop.CancelAsync();
        await Task.WhenAll(traffic);
        Console.Error.WriteLine($"requests answered by the third model meanwhile: {asked.Sum()}");
    }

    /// <summary>Makes and disposes of ONNX Runtime's sessions, nothing of ours between.</summary>
    public static void RunBare(string models, int cycles, bool trim, Action<MemorySample> sampled)
    {
        sampled(MemorySample.Take(0));
        for (var cycle = 1; cycle <= cycles; cycle++)
        {
            Turn(models, Big);
            if (trim) NativeHeap.Trim();
            Turn(models, Small);
            if (trim) NativeHeap.Trim();
            if (cycle % SampleEvery == 0) sampled(MemorySample.Take(cycle));
        }

        sampled(MemorySample.TakeCollected(cycles + 1));
    }

    private static void Turn(string models, string model)
    {
        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var session = new InferenceSession(File.ReadAllBytes(Path.Combine(models, model, "1", "model.onnx")), options);
        using var input = OrtValue.CreateTensorValueFromMemory(new float[OnnxWriter.Columns], [1, OnnxWriter.Columns]);
        using var run = new RunOptions();
        for (var i = 0; i < 3; i++)
        {
            using var outputs = session.Run(run, ["x"], [input], ["y"]);
        }
    }

    private static async Task TurnAsync(ModelRepository repository, OnnxInferenceEngine engine, TensorPool pool, string model)
    {
        await LoadAsync(repository, model);
        for (var i = 0; i < 3; i++) await AskAsync(engine, pool, model, CancellationToken.None);
        var outcome = await repository.UnloadAsync(model, null, CancellationToken.None);
        if (outcome.Failure is { } failure) throw new InvalidOperationException(failure.Message);
    }

    private static async Task LoadAsync(ModelRepository repository, string model)
    {
        var outcome = await repository.LoadAsync(model, null, CancellationToken.None);
        if (outcome.Failure is { } failure) throw new InvalidOperationException(failure.Message);
    }

    private static async Task AskAsync(OnnxInferenceEngine engine, TensorPool pool, long[] asked, int caller, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await AskAsync(engine, pool, Steady, CancellationToken.None);
            asked[caller]++;
            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }

    private static async Task AskAsync(OnnxInferenceEngine engine, TensorPool pool, string model, CancellationToken cancellationToken)
    {
        var input = new Tensor("x", TensorDataType.Fp32, new TensorShape(1, OnnxWriter.Columns), pool.Rent(OnnxWriter.Columns * sizeof(float)));
        input.Data.Span.Clear();
        var key = engine.State.Variants.Keys.First(k => k.Model == model);
        var outcome = await engine.RunAsync(new EngineRequest(key, [input], [], TimeSpan.FromMinutes(1)), cancellationToken);
        input.Data.Release();
        if (outcome.Failure is { } failure) throw new InvalidOperationException(failure.Message);
        foreach (var output in outcome.Outputs) output.Data.Release();
    }
}
