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
    public const string Engine = "engine", Eviction = "eviction", Bare = "bare", BareTrimmed = "bare-trimmed";
    public const string Big = "big", Small = "small", Steady = "steady";
    public static readonly string[] All = [Engine, Eviction, Bare, BareTrimmed];
    public const int SampleEvery = 10;
    private const int Callers = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Loads and unloads both models through the repository, as an operator's calls do, while callers ask a third one and each model that is loaded.</summary>
    public static Task RunEngineAsync(string models, string data, int cycles, Action<MemorySample> sampled) =>
        UnderTrafficAsync(models, data, budget: 0, cycles, sampled, async (repository, engine, pool) =>
        {
            await TurnAsync(repository, engine, pool, Big);
            await TurnAsync(repository, engine, pool, Small);
        });

    /// <summary>
    /// Asks for both models by turns under a budget that holds only one of them beside the third: each answer costs the other its place, so nobody unloads
    /// anything and yet both are loaded again every cycle.
    /// </summary>
    public static Task RunEvictionAsync(string models, string data, int cycles, Action<MemorySample> sampled) =>
        UnderTrafficAsync(models, data, BytesOf(models, Big) + BytesOf(models, Steady), cycles, sampled, async (repository, engine, pool) =>
        {
            foreach (var model in new[] { Big, Small })
            {
                if (engine.State.Variants.Keys.All(k => k.Model != model)) await LoadAsync(repository, model);
                for (var i = 0; i < 3; i++) await AskAsync(engine, pool, model, CancellationToken.None);
            }
        });

    private static async Task UnderTrafficAsync(string models, string data, long budget, int cycles, Action<MemorySample> sampled, Func<ModelRepository, ResidentEngine, TensorPool, Task> turn)
    {
        var (pool, settings) = (new TensorPool(), new EngineSettings { MemoryBudgetBytes = budget });
        await using var engine = new ResidentEngine(new OnnxInferenceEngine(settings, pool, TimeProvider.System), settings, TimeProvider.System);
        var repository = new ModelRepository(new RepositorySettings([models], Zone.Edge, data), engine, OnnxScan.Scan);
        await LoadAsync(repository, Steady);
        using var stop = new CancellationTokenSource();
        var asked = new long[Callers];
        var traffic = Enumerable.Range(0, Callers).Select(i => Task.Run(() => AskAsync(engine, pool, asked, i, stop.Token))).ToArray();
        sampled(MemorySample.Take(0));
        for (var cycle = 1; cycle <= cycles; cycle++)
        {
            await turn(repository, engine, pool);
            if (cycle % SampleEvery == 0) sampled(MemorySample.Take(cycle));
        }

        sampled(MemorySample.TakeCollected(cycles + 1));
        await stop.CancelAsync();
        await Task.WhenAll(traffic);
        var figures = engine.Residency;
        Console.Error.WriteLine($"requests answered by the third model meanwhile: {asked.Sum()}; loaded {figures.Loaded}, unloaded {figures.Unloaded}, evicted {figures.EvictedForBudget}, loaded again {figures.LoadedAgain}");
    }

    private static long BytesOf(string models, string model) => ResidencyRules.BytesOf(0, new FileInfo(FileOf(models, model)).Length);

    private static string FileOf(string models, string model) => Path.Combine(models, model, "1", "model.onnx");

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
        using var session = new InferenceSession(File.ReadAllBytes(FileOf(models, model)), options);
        using var input = OrtValue.CreateTensorValueFromMemory(new float[OnnxWriter.Columns], [1, OnnxWriter.Columns]);
        using var run = new RunOptions();
        for (var i = 0; i < 3; i++)
        {
            using var outputs = session.Run(run, ["x"], [input], ["y"]);
        }
    }

    private static async Task TurnAsync(ModelRepository repository, ResidentEngine engine, TensorPool pool, string model)
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

    private static async Task AskAsync(ResidentEngine engine, TensorPool pool, long[] asked, int caller, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await AskAsync(engine, pool, Steady, CancellationToken.None);
            asked[caller]++;
            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }

    private static async Task AskAsync(ResidentEngine engine, TensorPool pool, string model, CancellationToken cancellationToken)
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
