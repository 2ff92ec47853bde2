using Microsoft.ML.OnnxRuntime;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Inference.Engine;

/// <summary>A session and what was learned of it while it warmed up. Several threads run it at once.</summary>
internal sealed class VariantModel(InferenceSession session, IReadOnlyList<TensorSpec> inputs, IReadOnlyList<TensorSpec> outputs, IReadOnlySet<string> unknownRank) : IDisposable
{
    public InferenceSession Session { get; } = session;

    public IReadOnlyList<TensorSpec> Inputs { get; } = inputs;

    public IReadOnlyList<TensorSpec> Outputs { get; } = outputs;

    public string[] InputNames { get; } = [.. inputs.Select(i => i.Name)];

    public string[] OutputNames { get; } = [.. outputs.Select(o => o.Name)];

    /// <summary>Inputs and outputs whose shape the file does not state.</summary>
    public IReadOnlySet<string> UnknownRank { get; } = unknownRank;

    /// <summary>The batch dimension of each input; -1 for one that all rows share.</summary>
    public int[] InputAxes { get; } = [.. inputs.Select(i => unknownRank.Contains(i.Name) ? -1 : i.Shape.Dims.IndexOf(-1))];

    /// <summary>
    /// The batch dimension of each output. Null until two runs of different rows have shown it, at warm-up or with the first batch: a graph that leaves several dimensions
    /// free does not say which it is, and a wrong guess would hand one caller's rows to another.
    /// </summary>
    public int[]? OutputAxes { get; set; }

    /// <summary>
    /// Shapes that every run gives, but for the batch dimension, where warm-up showed that the graph keeps to what it states: then runs write straight into leases.
    /// Null: ONNX Runtime makes the outputs and they are copied.
    /// </summary>
    public TensorShape[]? KnownOutputs { get; set; }

    /// <summary>Whether requests may share a run. Not with BYTES tensors, whose elements have any length, nor once an output was seen not to follow the rows.</summary>
    public bool MayJoin { get; set; } = !inputs.Concat(outputs).Any(t => t.DataType == TensorDataType.Bytes);

    public void Dispose() => Session.Dispose();
}
