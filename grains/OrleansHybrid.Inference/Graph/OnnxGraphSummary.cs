using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Inference.Graph;

/// <summary>What an ONNX file holds, read without running any of it.</summary>
/// <param name="Opsets">Version by operator domain; the standard domain is the empty string.</param>
/// <param name="Inputs">What a caller must give: initializers are excluded, free dimensions are -1. A tensor without a stated shape shows as [-1] and is listed in <paramref name="UnknownRank"/>.</param>
/// <param name="Unsupported">Inputs and outputs that no tensor of the protocol can carry, each as a sentence.</param>
/// <param name="UnknownRank">Names of inputs and outputs whose shape the file does not state.</param>
public sealed record OnnxGraphSummary(
    long IrVersion,
    IReadOnlyDictionary<string, long> Opsets,
    IReadOnlyList<OperatorUse> Operators,
    IReadOnlyList<TensorSpec> Inputs,
    IReadOnlyList<TensorSpec> Outputs,
    IReadOnlyList<InitializerSize> Initializers,
    IReadOnlyList<ExternalDataRange> ExternalData,
    IReadOnlyList<string> Unsupported,
    IReadOnlySet<string> UnknownRank,
    int Subgraphs,
    int Functions)
{
    /// <summary>Bytes of all weights, by their shapes.</summary>
    public long InitializerBytes => Initializers.Sum(i => i.Bytes);

    /// <summary>The files beside the model that its weights are in.</summary>
    public IReadOnlyList<string> ExternalFiles => [.. ExternalData.Select(e => e.Location).Distinct(StringComparer.Ordinal)];

    internal GraphScope Main { get; init; } = new();

    internal IReadOnlyList<GraphFunction> LocalFunctions { get; init; } = [];
}

/// <summary>How often an operator is used, subgraphs and functions included.</summary>
public sealed record OperatorUse(string Domain, string Name, int Count);

/// <summary>One weight of the main graph.</summary>
/// <param name="DataType">Null where the protocol has no such type, as for 4-bit integers.</param>
/// <param name="Bytes">By its shape; for strings, as stored.</param>
public sealed record InitializerSize(string Name, TensorDataType? DataType, long Elements, long Bytes, bool External);

/// <summary>A weight's place in a file beside the model.</summary>
/// <param name="Location">As written in the model: not checked here, see <see cref="GraphRules"/>.</param>
/// <param name="Length">Bytes; null when not stated: to the file's end, or what the shape asks for.</param>
public sealed record ExternalDataRange(string Tensor, string Location, long Offset, long? Length);

/// <summary>How a scan ended: a summary, or errors that say what is wrong with the file.</summary>
public sealed record OnnxReadResult(OnnxGraphSummary? Summary, IReadOnlyList<string> Errors);
