using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Models;

/// <summary>Whether a classifier's graph fits its manifest. Pure; every error is a sentence with what was expected, what came and what to do.</summary>
/// <remarks>It reads some of the version's inputs, as they are sent, and gives one FP32 number a row. It keeps its weights in itself: it is to be small.</remarks>
public static class ClassifierGraphRules
{
    public static IReadOnlyList<string> Check(
        string output, IReadOnlyList<TensorSpec> versionInputs, IReadOnlyList<TensorSpec> graphInputs, IReadOnlyList<TensorSpec> graphOutputs, IReadOnlyList<string> externalFiles)
    {
        var errors = new List<string>();
        foreach (var input in graphInputs) CheckInput(input, versionInputs, errors);
        if (externalFiles.Count > 0) errors.Add("expected a classifier that holds its weights itself; came one with weights in other files. Export it as one file.");
        if (graphOutputs.FirstOrDefault(o => o.Name == output) is not { } found)
        {
            errors.Add($"expected the classifier's output {ManifestText.Quote(output)} in the graph; it has {ManifestText.OneOf([.. graphOutputs.Select(o => o.Name)])}. Correct classifier.output.");
        }
        else if (!IsOneValueARow(found))
        {
            errors.Add($"expected the classifier's output {ManifestText.Quote(output)} as FP32 of shape [-1,1] or [-1], one value a row; the graph's is {found.DataType.WireName()} {found.Shape}. Export it so.");
        }

        return errors;
    }

    /// <summary>The manifest's inputs that the classifier reads, in the graph's order.</summary>
    public static IReadOnlyList<TensorSpec> InputsOf(IReadOnlyList<TensorSpec> versionInputs, IReadOnlyList<TensorSpec> graphInputs) =>
        [.. graphInputs.Select(g => versionInputs.First(v => v.Name == g.Name))];

    private static void CheckInput(TensorSpec input, IReadOnlyList<TensorSpec> versionInputs, List<string> errors)
    {
        if (versionInputs.FirstOrDefault(v => v.Name == input.Name) is not { } known)
        {
            errors.Add($"expected a classifier that reads inputs of the version ({string.Join(", ", versionInputs.Select(v => v.Name))}); came one that reads {ManifestText.Quote(input.Name)}. Export it over the version's inputs.");
        }
        else if (known.DataType != input.DataType || known.Shape.Rank != input.Shape.Rank)
        {
            errors.Add($"expected the classifier's input {ManifestText.Quote(input.Name)} as the version's, {known.DataType.WireName()} {known.Shape}; the graph's is {input.DataType.WireName()} {input.Shape}. Export it over the version's inputs.");
        }
    }

    private static bool IsOneValueARow(TensorSpec output) =>
        output.DataType == TensorDataType.Fp32 && (output.Shape.Dims is [-1 or 1] or [-1 or 1, 1]);
}
