using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Routing;

/// <summary>The outputs to ask for: a caller that names some may leave out the one its answer is judged by.</summary>
internal static class OutputSelection
{
    public static IReadOnlyList<string> ToAsk(IReadOnlyList<string> wanted, ModelManifest? manifest)
    {
        if (wanted.Count == 0 || manifest?.Confidence is not { } rule || wanted.Contains(rule.Output)) return wanted;
        return [.. wanted, rule.Output];
    }

    /// <summary>The outputs that the caller named; the others are released.</summary>
    public static IReadOnlyList<Tensor> ToReturn(IReadOnlyList<Tensor> outputs, IReadOnlyList<string> wanted, IReadOnlyList<string> asked)
    {
        if (ReferenceEquals(wanted, asked)) return outputs;
        var kept = new List<Tensor>(outputs.Count);
        foreach (var output in outputs)
        {
            if (wanted.Contains(output.Name)) kept.Add(output);
            else output.Data.Release();
        }

        return kept;
    }
}
