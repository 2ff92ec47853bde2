using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Microsoft.ML.OnnxRuntime;
using OrleansHybrid.Client;
using OrleansHybrid.Domain.Routing;

namespace OrleansHybrid.Benchmarks.Sdk;

/// <summary>What the device SDK costs over a bare session: the same file, the same session options, the same input, one caller that asks again when it has its answer.</summary>
/// <remarks>
/// The bare run is what a careful app writes: tensors over its own memory, outputs into memory it owns, nothing allocated that is not needed. The SDK's
/// call checks, copies, plans, queues, runs on the engine's thread, judges, and answers with label, confidence and provenance.
/// </remarks>
[MemoryDiagnoser, MedianColumn]
public class SdkBenchmark
{
    private const int Calls = 64;
    private const int Samples = 16_000;
    private const int Classes = 22;

    private readonly short[] audio = new short[Samples];
    private readonly float[] probabilities = new float[Classes];
    private readonly InferOptions onDevice = new() { Mode = RouteMode.OnlyOnDevice, TopLabels = 0 };
    private string folder = "";
    private HybridClient? client;
    private HybridModel? model;
    private ModelInput? input;
    private InferenceSession? session;
    private RunOptions? runOptions;

    [GlobalSetup]
    public async Task SetUp()
    {
        var version = Path.Combine(SdkCommand.Models, "keyword", "1");
        MemoryMarshal.Cast<byte, short>(await File.ReadAllBytesAsync(Path.Combine(SdkCommand.Models, "clips", "easy.raw"))).CopyTo(audio);
        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions { ExecutionMode = ExecutionMode.ORT_SEQUENTIAL, IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        session = new InferenceSession(await File.ReadAllBytesAsync(Path.Combine(version, "tiny-int8.onnx")), options);
        runOptions = new RunOptions();
        folder = Directory.CreateTempSubdirectory("hybrid-sdk-").FullName;
        client = await HybridClient.StartAsync(new HybridClientOptions([SdkCommand.Models], Path.Combine(folder, "data")));
        model = client.Model("keyword");
        input = ModelInput.Of<short>(audio);
        using var answer = (await model.InferAsync(input, onDevice)).OrThrow();
        if (answer.Variant != "tiny-int8" || Bare() <= 0) throw new InvalidOperationException($"The two do not run the same: {answer}");
    }

    [GlobalCleanup]
    public async Task CleanUp()
    {
        await client!.DisposeAsync();
        runOptions!.Dispose();
        session!.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Calls)]
    public float Bare()
    {
        for (var i = 0; i < Calls; i++)
        {
            using var sent = OrtValue.CreateTensorValueFromMemory(audio, [1, Samples]);
            using var answered = OrtValue.CreateTensorValueFromMemory(probabilities, [1, Classes]);
            session!.Run(runOptions!, ["audio"], [sent], ["probabilities"], [answered]);
        }

        return probabilities.Max();
    }

    [Benchmark(OperationsPerInvoke = Calls)]
    public async Task<double> Sdk()
    {
        var confidence = 0.0;
        for (var i = 0; i < Calls; i++)
        {
            using var answer = await model!.InferAsync(input!, onDevice);
            confidence += answer.Confidence!.Value;
        }

        return confidence;
    }
}
