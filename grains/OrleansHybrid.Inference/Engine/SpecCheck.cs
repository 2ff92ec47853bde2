using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Graph;

namespace OrleansHybrid.Inference.Engine;

/// <summary>Whether a manifest says what its graph is.</summary>
/// <remarks>
/// Inputs: all of the graph's, no others; a manifest may narrow a free dimension but not free a fixed one. Outputs: any of the graph's; a fixed dimension must not contradict the graph's.
/// </remarks>
internal static class SpecCheck
{
    public static IReadOnlyList<string> Check(OnnxGraphSummary graph, IReadOnlyList<TensorSpec>? inputs, IReadOnlyList<TensorSpec>? outputs)
    {
        var errors = new List<string>();
        if (inputs is not null)
        {
            Compare("input", inputs, graph.Inputs, graph, errors);
            errors.AddRange(graph.Inputs.Where(g => inputs.All(m => m.Name != g.Name)).Select(g => $"The graph's input {Show(g)} is not in the manifest. Add it."));
        }

        if (outputs is not null) Compare("output", outputs, graph.Outputs, graph, errors);
        return errors;
    }

    private static void Compare(string role, IReadOnlyList<TensorSpec> manifest, IReadOnlyList<TensorSpec> actual, OnnxGraphSummary graph, List<string> errors)
    {
        foreach (var stated in manifest)
        {
            var found = actual.FirstOrDefault(a => a.Name == stated.Name);
            if (found is null) errors.Add($"The manifest's {role} '{stated.Name}' is not in the graph, which has: {string.Join(", ", actual.Select(Show))}.");
            else if (found.DataType != stated.DataType) errors.Add($"The manifest's {role} '{stated.Name}' is {stated.DataType.WireName()}; the graph's is {found.DataType.WireName()}. Correct the manifest.");
            else if (!graph.UnknownRank.Contains(stated.Name) && !Fits(stated.Shape, found.Shape, role == "input"))
                errors.Add($"The manifest's {role} '{stated.Name}' has shape {stated.Shape}; the graph's is {found.Shape}. Correct the manifest.");
        }
    }

    private static bool Fits(TensorShape stated, TensorShape actual, bool input)
    {
        if (stated.Rank != actual.Rank) return false;
        for (var i = 0; i < stated.Rank; i++)
        {
            if (stated[i] == actual[i] || actual[i] == -1) continue;
            if (stated[i] != -1 || input) return false;
        }

        return true;
    }

    private static string Show(TensorSpec spec) => $"'{spec.Name}' {spec.DataType.WireName()} {spec.Shape}";
}
