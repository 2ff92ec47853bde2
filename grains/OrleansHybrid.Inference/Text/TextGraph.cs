using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Graph;

namespace OrleansHybrid.Inference.Text;

/// <summary>Whether a graph takes what the WordPiece step makes: INT64 [N, S] under BERT's names. A graph without token types may leave them out.</summary>
internal static class TextGraph
{
    public const string Ids = "input_ids";
    public const string Mask = "attention_mask";
    public const string Types = "token_type_ids";

    private static readonly string[] Made = [Ids, Mask, Types];

    public static IReadOnlyList<string> Check(OnnxGraphSummary graph, IReadOnlyList<TensorSpec>? outputs)
    {
        var errors = new List<string>();
        foreach (var input in graph.Inputs)
        {
            if (!Made.Contains(input.Name)) errors.Add($"The graph's input '{input.Name}' is not made by the step wordpiece, which makes {string.Join(", ", Made)}. Use a graph over these, or no 'pre'.");
            else if (!TakesRows(graph, input)) errors.Add($"The graph's input '{input.Name}' must be INT64 [-1,-1] for the step wordpiece; it is {input.DataType.WireName()} {input.Shape}. Free both dimensions: rows and tokens.");
        }

        errors.AddRange(new[] { Ids, Mask }.Where(name => graph.Inputs.All(i => i.Name != name)).Select(name => $"The graph has no input '{name}', which the step wordpiece makes. Use a graph over it, or no 'pre'."));
        errors.AddRange((outputs ?? graph.Outputs).Where(o => o.DataType == TensorDataType.Bytes).Select(o => $"Output '{o.Name}' is BYTES; with 'pre' outputs must be numbers."));
        return errors;
    }

    private static bool TakesRows(OnnxGraphSummary graph, TensorSpec input) =>
        input.DataType == TensorDataType.Int64 && input.Shape == new TensorShape(-1, -1) && !graph.UnknownRank.Contains(input.Name);
}
