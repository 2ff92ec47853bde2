using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Inference.Repository;

/// <summary>Whether a manifest says of a variant's tensors what its graph says. Pure.</summary>
/// <remarks>Every input of the graph is in the manifest and the other way round; outputs may be left out of the manifest, not made up. A dimension that either side leaves free agrees with any.</remarks>
internal static class GraphAgreement
{
    public static IReadOnlyList<string> Check(ModelManifest manifest, VariantManifest variant, GraphScan graph)
    {
        var errors = new List<string>();
        Compare("inputs", manifest.Inputs, graph.Inputs);
        Compare("outputs", manifest.Outputs, graph.Outputs);
        foreach (var missing in graph.Inputs.Where(g => manifest.Inputs.All(m => m.Name != g.Name)))
        {
            errors.Add($"inputs: expected every input of '{variant.File}'; {ManifestText.Quote(missing.Name)} ({missing.DataType.WireName()} {missing.Shape}) is missing. Add it.");
        }

        return errors;

        void Compare(string list, IReadOnlyList<TensorSpec> stated, IReadOnlyList<TensorSpec> actual)
        {
            for (var i = 0; i < stated.Count; i++)
            {
                if (Differ(stated[i], actual, graph.UnknownRank) is not { } difference) continue;
                errors.Add($"{list}[{i}]: expected {difference.Expected} as in '{variant.File}'; came {difference.Came}. Correct the manifest or the graph.");
            }
        }
    }

    private static (string Expected, string Came)? Differ(TensorSpec stated, IReadOnlyList<TensorSpec> actual, IReadOnlySet<string> unknownRank)
    {
        if (actual.FirstOrDefault(a => a.Name == stated.Name) is not { } tensor) return ($"the name {ManifestText.OneOf(actual.Select(a => a.Name))}", ManifestText.Quote(stated.Name));
        if (tensor.DataType != stated.DataType) return ($"{tensor.DataType.WireName()} for {ManifestText.Quote(stated.Name)}", stated.DataType.WireName());
        if (unknownRank.Contains(tensor.Name) || Agree(stated.Shape, tensor.Shape)) return null;
        return ($"the shape {tensor.Shape} for {ManifestText.Quote(stated.Name)}", stated.Shape.ToString());
    }

    private static bool Agree(TensorShape stated, TensorShape actual)
    {
        if (stated.Rank != actual.Rank) return false;
        for (var i = 0; i < stated.Rank; i++)
        {
            if (stated[i] != -1 && actual[i] != -1 && stated[i] != actual[i]) return false;
        }

        return true;
    }
}
