using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Inference.Repository;

/// <summary>What the repository needs to know of an ONNX file before an engine sees it.</summary>
/// <param name="ExternalFiles">Files beside the model that hold its weights.</param>
/// <param name="Refusals">Why the file must not be loaded, each a sentence; empty: it may.</param>
public sealed record GraphScan(
    IReadOnlyList<TensorSpec> Inputs,
    IReadOnlyList<TensorSpec> Outputs,
    IReadOnlyList<string> ExternalFiles,
    IReadOnlyList<string> Refusals)
{
    public static GraphScan Refused(IReadOnlyList<string> refusals) => new([], [], [], refusals);
}

/// <summary>Reads an ONNX file without running it. Never throws, whatever the bytes.</summary>
public delegate GraphScan ScanGraph(ReadOnlyMemory<byte> onnx);
