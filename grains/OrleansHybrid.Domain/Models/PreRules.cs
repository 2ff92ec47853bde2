using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Models;

/// <summary>The manifest's rules for a pre-processing step: its file, and the input that callers send. Whether the graph takes what the step makes is checked by the engine.</summary>
internal static class PreRules
{
    public static void Check(ManifestConfig config, ManifestFolder folder, List<ManifestError> errors)
    {
        if (config.Pre is not { } pre) return;
        CheckInputs(config.Inputs, errors);
        if (pre.WordPiece?.Vocab is not { } file) return;
        ManifestRules.CheckFile(file, "pre.wordpiece.vocab", folder, errors);
        if (!folder.Vocabularies.TryGetValue(file, out var vocabulary) || vocabulary.Error is not { } error) return;
        errors.Add(new("pre.wordpiece.vocab", "a UTF-8 text file with one token a line", $"{ManifestText.Quote(file)}: {error}", "Use the vocabulary that the model was trained with"));
    }

    private static void CheckInputs(IReadOnlyList<TensorConfig> inputs, List<ManifestError> errors)
    {
        if (inputs.Count > 1) errors.Add(new("inputs", "with 'pre' one input, the texts", $"{inputs.Count}", "Keep one: the graph's own inputs are made by the step"));
        if (inputs.Count != 1) return;
        if (inputs[0].DataType is { } type && type != TensorDataType.Bytes)
        {
            errors.Add(new("inputs[0].datatype", "BYTES, since 'pre' takes texts", type.WireName(), "Write BYTES: the graph's own inputs are made by the step"));
        }

        if (inputs[0].Shape is { } shape && shape != new TensorShape(-1))
        {
            errors.Add(new("inputs[0].shape", "[-1], one text a row, since 'pre' takes texts", $"{shape}", "Write [-1]; callers may send [N,1] too"));
        }
    }
}
