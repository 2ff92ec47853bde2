using Microsoft.ML.OnnxRuntime;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Engine;

namespace OrleansHybrid.Inference.Text;

/// <summary>Runs a variant with a text step before it counts as loaded: one row, several rows, and one of the longest texts that the manifest allows.</summary>
/// <remarks>
/// Its inputs are what real texts become, so a run that fails fails the load: a <c>max_tokens</c> above what the model has positions for is found here and not by a caller.
/// Every output must hold one part for each row, whose shape does not depend on a text's length: a caller cannot know how many tokens a text has.
/// </remarks>
internal sealed class TextWarmUp(VariantModel model, WordPieceTokenizer tokenizer, TextStep step)
{
    private const int ProbeRows = 3;

    /// <returns>Null, or why the variant must not be served.</returns>
    public string? Run(CancellationToken cancellationToken)
    {
        int[] shortest = tokenizer.Encode("a"), longest = tokenizer.Longest();
        if (TryShapes([shortest], cancellationToken, out var one) is { } error) return error;
        if (TryShapes([.. Enumerable.Repeat(shortest, ProbeRows)], cancellationToken, out var several) is { } errorOfSeveral) return errorOfSeveral;
        if (TryShapes([longest], cancellationToken, out var ofLongest) is { } errorOfLongest) return $"A text of {longest.Length} tokens: {errorOfLongest} Lower 'max_tokens' to what the model was made for.";
        for (var i = 0; i < one.Length; i++)
        {
            if (BatchAxes.Find(one[i], 1, several[i], ProbeRows) != 0) return $"Output '{model.Outputs[i].Name}' has shape {one[i]} for one text and {several[i]} for {ProbeRows}: its first dimension must follow the texts.";
            if (one[i] != ofLongest[i]) return $"Output '{model.Outputs[i].Name}' has shape {one[i]} for {shortest.Length} tokens and {ofLongest[i]} for {longest.Length}: it must not depend on a text's length. Pool it in the graph.";
        }

        model.OutputAxes = new int[one.Length];
        if (model.Outputs.All(StatesRow) && one.All(s => s.ElementCount > 0)) model.KnownOutputs = one;
        return null;
    }

    /// <summary>The graph or manifest states what one row is, so that it can be no surprise.</summary>
    private bool StatesRow(TensorSpec output) => !model.UnknownRank.Contains(output.Name) && output.Shape.Rank > 0 && !output.Shape.Dims[1..].Contains(-1);

    private string? TryShapes(IReadOnlyList<int[]> rows, CancellationToken cancellationToken, out TensorShape[] shapes)
    {
        shapes = [];
        try
        {
            shapes = Shapes(step.Part(rows, [.. Enumerable.Range(0, rows.Count)]), cancellationToken);
            return null;
        }
        catch (Exception failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return RunErrors.OfRun(failure).Message;
        }
    }

    private TensorShape[] Shapes(RunPart part, CancellationToken cancellationToken)
    {
        using var options = new RunOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var cancelled = cancellationToken.UnsafeRegister(static state => ((RunOptions)state!).Terminate = true, options);
        var inputs = new List<OrtValue>();
        try
        {
            foreach (var tensor in part.Inputs) inputs.Add(TensorBinding.Bind(tensor.DataType, tensor.Shape, tensor.Data));
            using var outputs = model.Session.Run(options, model.InputNames, inputs, model.OutputNames);
            return [.. outputs.Select((value, i) => TensorBinding.Shape(value, model.Outputs[i]))];
        }
        finally
        {
            foreach (var input in inputs) input.Dispose();
            foreach (var tensor in part.Inputs) tensor.Data.Release();
        }
    }
}
