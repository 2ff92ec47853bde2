using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Models;

/// <summary>The manifest's rules for what is read off an answer, and for running rows together.</summary>
internal static class AnswerRules
{
    public static void CheckConfidence(ManifestConfig config, List<ManifestError> errors)
    {
        if (config.Confidence is not { Output: { } name } confidence) return;
        var names = config.Outputs.Select(o => o.Name).OfType<string>().ToList();
        if (config.Outputs.FirstOrDefault(o => o.Name == name) is not { } output)
        {
            if (config.Outputs.Any(o => o.Name is null)) return; // Its own error is listed; the name may be that one's.
            var remedy = Spelling.Nearest(name, names) is { } near ? $"Did you mean {ManifestText.Quote(near)}?" : "Name one of the outputs";
            errors.Add(new("confidence.output", $"the name of an output ({ManifestText.OneOf(names)})", ManifestText.Quote(name), remedy));
            return;
        }

        if (output.DataType is { } type && !ConfidenceRules.CanHoldProbabilities(type))
        {
            errors.Add(new("confidence.output", "an output of FP16, FP32 or FP64", $"{ManifestText.Quote(name)}, which is {type.WireName()}", "Name an output that holds probabilities"));
        }

        if (output.Shape is { } shape && confidence.Rule is { } rule) CheckShape(shape, rule, errors);
    }

    public static void CheckBatching(ManifestConfig config, List<ManifestError> errors)
    {
        if (config.Batching is not { } batching) return;
        if (batching.MaxBatchSize > 1)
        {
            CheckFreeFirst(config.Inputs, "inputs", errors);
            CheckFreeFirst(config.Outputs, "outputs", errors);
        }

        for (var i = 0; i < batching.PreferredBatchSizes.Count; i++)
        {
            var size = batching.PreferredBatchSizes[i];
            if (batching.MaxBatchSize is not { } max || size <= max) continue;
            errors.Add(new($"batching.preferred_batch_size[{i}]", $"at most max_batch_size, {max}", $"{size}", "Lower it, or raise max_batch_size"));
        }
    }

    private static void CheckShape(TensorShape shape, ConfidenceRuleKind rule, List<ManifestError> errors)
    {
        var last = shape.Rank == 0 ? 1 : shape[shape.Rank - 1];
        if (rule == ConfidenceRuleKind.Named)
        {
            if (shape.Rank < 2 || last is 1 or -1) return;
            errors.Add(new("confidence.rule", "for 'named' an output with one number a row", $"the shape {shape}", "Use max, margin or entropy for probabilities, or name another output"));
        }
        else if (last == 1)
        {
            errors.Add(new("confidence.rule", "an output of at least two classes in its last dimension", $"the shape {shape}", "Use 'named' when the output is the confidence itself, or name another output"));
        }
    }

    private static void CheckFreeFirst(IReadOnlyList<TensorConfig> tensors, string list, List<ManifestError> errors)
    {
        for (var i = 0; i < tensors.Count; i++)
        {
            if (tensors[i].Shape is not { } shape || (shape.Rank > 0 && shape[0] == -1)) continue;
            errors.Add(new($"{list}[{i}].shape", "a free first dimension (-1), since batching is on", $"{shape}", "Free the first dimension in model and manifest, or set batching.max_batch_size to 0"));
        }
    }
}
