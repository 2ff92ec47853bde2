using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Inference.Graph;

namespace OrleansHybrid.Inference.Engine;

/// <summary>Makes sessions: from verified bytes, or, for a graph with external data, by name from the sealed folder. Blocks; call it on a thread of its own.</summary>
internal static class SessionFactory
{
    public static InferenceSession Create(VariantToLoad variant, int intraOpThreads, CancellationToken cancellationToken)
    {
        using var options = new SessionOptions
        {
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = intraOpThreads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, // Its errors reach the caller; its warnings name files.
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        using var cancelled = cancellationToken.UnsafeRegister(static state => ((SessionOptions)state!).SetLoadCancellationFlag(true), options);
        return variant.ExternalDataFolder is { } folder
            ? new InferenceSession(Path.Combine(folder, variant.OnnxFileName), options)
            : new InferenceSession(Bytes(variant.Onnx), options);
    }

    /// <summary>Errors of the folder that external data is read from; empty where there is none to read.</summary>
    public static IReadOnlyList<string> CheckFiles(VariantToLoad variant, OnnxGraphSummary graph)
    {
        if (graph.ExternalFiles.Count == 0) return [];
        if (variant.ExternalDataFolder is not { } folder) return [$"The graph keeps weights in {graph.ExternalFiles[0]}, which was not given. Put it beside the model."];
        if (!GraphRules.IsPlainFileName(variant.OnnxFileName)) return ["The model's file name is not a plain name."];
        return [.. graph.ExternalFiles.Where(f => !File.Exists(Path.Combine(folder, f))).Select(f => $"The graph keeps weights in {f}, which is missing. Put it beside the model.")];
    }

    private static byte[] Bytes(ReadOnlyMemory<byte> content) =>
        MemoryMarshal.TryGetArray(content, out var whole) && whole.Offset == 0 && whole.Count == whole.Array!.Length ? whole.Array : content.ToArray();
}
