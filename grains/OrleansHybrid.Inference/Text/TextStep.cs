using System.Runtime.InteropServices;
using System.Text;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Inference.Engine;

namespace OrleansHybrid.Inference.Text;

/// <summary>Makes a graph's inputs of the texts of one request.</summary>
/// <remarks>
/// Rows of unlike length never share a run, neither of one request nor of several: padding changes the order in which a row's sums are added, and so its last bits
/// (measured: up to 3e-8 of a component). Without padding a text has the same vector alone and in any company, and no time goes into tokens that say nothing.
/// </remarks>
internal sealed class TextStep(WordPieceTokenizer tokenizer, IReadOnlyList<TensorSpec> graphInputs, TensorPool pool)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Callers may send [N, 1] where the manifest says [N], as clients that always batch do.</summary>
    public static EngineRequest Flat(EngineRequest request) => request.Inputs is [{ DataType: TensorDataType.Bytes, Shape: { Rank: 2 } shape } column] && shape[1] == 1
        ? request with { Inputs = [column with { Shape = new TensorShape(shape[0]) }] }
        : request;

    /// <summary>Gives the run its graph's inputs in place of its texts. Stops early when nobody waits for it any more.</summary>
    /// <returns>Null, or why not; then the run keeps its texts.</returns>
    public InferenceFailure? Prepare(PendingRun run)
    {
        var rows = new List<int[]>();
        if (Encode(run, rows) is { } failure) return failure;
        if (rows.Count == 0) return new InferenceFailure(FailureCode.BadInput, $"Input '{run.Inputs[0].Name}' holds no text. Send at least one.");
        if (!run.IsAnswered) run.Prepare(Parts(rows));
        return null;
    }

    public RunPart Part(IReadOnlyList<int[]> rows, int[] places)
    {
        var tensors = new Tensor[graphInputs.Count];
        var tokens = rows[places[0]].Length;
        for (var i = 0; i < tensors.Length; i++) tensors[i] = Fill(graphInputs[i].Name, rows, places, tokens);
        return new RunPart(tensors, places);
    }

    private List<RunPart> Parts(List<int[]> rows) =>
        [.. Enumerable.Range(0, rows.Count).GroupBy(row => rows[row].Length).Select(same => Part(rows, [.. same]))];

    private InferenceFailure? Encode(PendingRun run, List<int[]> rows)
    {
        var input = run.Inputs[0];
        var content = (ReadOnlySpan<byte>)input.Data.Span;
        long tokens = 0;
        for (var row = 0; !run.IsAnswered && StringTensors.TryCut(ref content, out var element); row++)
        {
            if (element.Length > Limits.TextBytesMax)
                return new InferenceFailure(FailureCode.TooLarge, $"Row {row} (from 0) of input '{input.Name}' has {element.Length} bytes; {Limits.TextBytesMax} are the most of one text. Cut it: a model reads its beginning alone.");
            if (Decode(element, out var text) is { } place)
                return new InferenceFailure(FailureCode.BadInput, $"Row {row} (from 0) of input '{input.Name}' must be UTF-8 text; its byte {place} (from 0) is not. Send UTF-8.");
            rows.Add(tokenizer.Encode(text));
            tokens += rows[^1].Length;
            if (tokens > Limits.TokensPerRequestMax)
                return new InferenceFailure(FailureCode.TooLarge, $"The texts up to row {row} (from 0) of input '{input.Name}' have {tokens} tokens; {Limits.TokensPerRequestMax} are the most of one request. Send fewer at once.");
        }

        return null;
    }

    /// <returns>Null, or the first byte that is wrong.</returns>
    private static int? Decode(ReadOnlySpan<byte> element, out string text)
    {
        try
        {
            text = StrictUtf8.GetString(element);
            return null;
        }
        catch (DecoderFallbackException wrong)
        {
            text = "";
            return Math.Max(wrong.Index, 0);
        }
    }

    private Tensor Fill(string name, IReadOnlyList<int[]> rows, int[] places, int tokens)
    {
        var lease = pool.Rent(places.Length * tokens * sizeof(long));
        var values = MemoryMarshal.Cast<byte, long>(lease.Span);
        if (name == TextGraph.Ids)
        {
            for (var i = 0; i < values.Length; i++) values[i] = rows[places[i / tokens]][i % tokens];
        }
        else
        {
            values.Fill(name == TextGraph.Mask ? 1 : 0); // No padding: every token counts, and one text is one segment.
        }

        return new Tensor(name, TensorDataType.Int64, new TensorShape(places.Length, tokens), lease);
    }
}
