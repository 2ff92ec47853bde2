using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Inference.Engine;

/// <summary>Checks a request against the variant's specification before it is queued. Every error names the tensor, what was expected and what came.</summary>
internal sealed class InputCheck(LoadedVariant variant, IReadOnlySet<string> unknownRank, IReadOnlyList<int> inputAxes, int rowsMax)
{
    private readonly Dictionary<string, int> inputs = Index(variant.Inputs);
    private readonly Dictionary<string, int> outputs = Index(variant.Outputs);
    private readonly int[] allOutputs = [.. Enumerable.Range(0, variant.Outputs.Count)];

    /// <param name="ordered">The inputs in the variant's order.</param>
    /// <param name="wanted">Indexes of the outputs to answer with.</param>
    /// <returns>Null, or what is wrong.</returns>
    public string? Check(EngineRequest request, out Tensor[] ordered, out int[] wanted, out int rows)
    {
        wanted = allOutputs;
        rows = 1;
        return Order(request, out ordered) ?? Shapes(ordered) ?? Rows(ordered, ref rows) ?? Wanted(request, ref wanted);
    }

    private string? Order(EngineRequest request, out Tensor[] ordered)
    {
        ordered = new Tensor[variant.Inputs.Count];
        foreach (var tensor in request.Inputs)
        {
            if (!inputs.TryGetValue(tensor.Name, out var index)) return $"The model has no input '{tensor.Name}'. Its inputs are: {Names(variant.Inputs)}.";
            if (ordered[index] is not null) return $"Input '{tensor.Name}' was given twice. Give it once.";
            ordered[index] = tensor;
        }

        var missing = Array.IndexOf(ordered, null);
        return missing < 0 ? null : $"Input '{variant.Inputs[missing].Name}' is missing: expected {Show(variant.Inputs[missing])}.";
    }

    private string? Shapes(Tensor[] ordered)
    {
        for (var i = 0; i < ordered.Length; i++)
        {
            if (One(variant.Inputs[i], ordered[i]) is { } error) return error;
        }

        return null;
    }

    private string? One(TensorSpec spec, Tensor tensor)
    {
        if (tensor.DataType != spec.DataType) return $"Input '{spec.Name}' must be {spec.DataType.WireName()}; {tensor.DataType.WireName()} came.";
        if (tensor.Shape.Rank > Limits.TensorRankMax) return $"Input '{spec.Name}' has {tensor.Shape.Rank} dimensions; {Limits.TensorRankMax} are the most.";
        if (!unknownRank.Contains(spec.Name) && !spec.Shape.Accepts(tensor.Shape)) return $"Input '{spec.Name}' must have shape {spec.Shape}; {tensor.Shape} came.";
        if (tensor.Shape.ElementCount is not { } elements) return $"Input '{spec.Name}' has shape {tensor.Shape}: give whole numbers from 0 whose product fits.";
        return spec.DataType == TensorDataType.Bytes ? Strings(spec, tensor, elements) : Content(spec, tensor, elements);
    }

    private static string? Content(TensorSpec spec, Tensor tensor, long elements)
    {
        var expected = (Int128)elements * spec.DataType.ElementBytes();
        if (tensor.Data.Length != expected) return $"Input '{spec.Name}' of shape {tensor.Shape} takes {expected} bytes of {spec.DataType.WireName()}; {tensor.Data.Length} came.";
        if (spec.DataType == TensorDataType.Bool && tensor.Data.Span.ContainsAnyExceptInRange((byte)0, (byte)1)) return $"Input '{spec.Name}' is BOOL: every byte must be 0 or 1.";
        return null;
    }

    private static string? Strings(TensorSpec spec, Tensor tensor, long elements) => StringTensors.Count(tensor.Data.Span) switch
    {
        null => $"Input '{spec.Name}' is BYTES: each element must be a 4-byte little-endian length and so many bytes; a length goes past the end.",
        var count when count != elements => $"Input '{spec.Name}' of shape {tensor.Shape} takes {elements} elements; {count} came.",
        _ => null,
    };

    private string? Rows(Tensor[] ordered, ref int rows)
    {
        if (rowsMax == 0) return null;
        long? seen = null;
        for (var i = 0; i < ordered.Length; i++)
        {
            if (inputAxes[i] < 0) continue;
            var here = ordered[i].Shape[inputAxes[i]];
            if (seen is { } other && other != here) return $"Input '{ordered[i].Name}' has {here} rows where another input has {other}. Give all the same.";
            seen = here;
        }

        if (seen > rowsMax) return $"The request has {seen} rows; this model takes at most {rowsMax} (its max_batch_size). Send fewer at once.";
        rows = (int)(seen ?? 1);
        return null;
    }

    private string? Wanted(EngineRequest request, ref int[] wanted)
    {
        if (request.Outputs.Count == 0) return null;
        wanted = new int[request.Outputs.Count];
        for (var i = 0; i < wanted.Length; i++)
        {
            if (!outputs.TryGetValue(request.Outputs[i], out wanted[i])) return $"The model has no output '{request.Outputs[i]}'. Its outputs are: {Names(variant.Outputs)}.";
            if (Array.IndexOf(wanted, wanted[i], 0, i) >= 0) return $"Output '{request.Outputs[i]}' was asked for twice. Ask once.";
        }

        return null;
    }

    private static Dictionary<string, int> Index(IReadOnlyList<TensorSpec> specs) =>
        specs.Select((spec, index) => (spec.Name, index)).ToDictionary(s => s.Name, s => s.index, StringComparer.Ordinal);

    private static string Names(IReadOnlyList<TensorSpec> specs) => string.Join(", ", specs.Select(Show));

    private static string Show(TensorSpec spec) => $"'{spec.Name}' {spec.DataType.WireName()} {spec.Shape}";
}
