using System.Reflection;
using Microsoft.ML.OnnxRuntime;

namespace OrleansHybrid.Inference.Engine;

/// <summary>What runs the models here, in words that nodes report.</summary>
public static class EngineRuntime
{
    /// <summary>Of ONNX Runtime.</summary>
    public static string Version { get; } =
        typeof(InferenceSession).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    /// <summary>The execution providers that the engine's sessions use.</summary>
    public static IReadOnlyList<string> Providers { get; } = ["CPUExecutionProvider"];
}
