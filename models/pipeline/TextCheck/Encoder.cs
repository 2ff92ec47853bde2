using Microsoft.ML.OnnxRuntime;

namespace TextCheck;

/// <summary>A sentence encoder: rows of tokens, all of one length, to their vectors.</summary>
public sealed class Encoder : IDisposable
{
    private static readonly string[] Inputs = ["input_ids", "attention_mask", "token_type_ids"];

    private readonly RunOptions run = new();
    private readonly SessionOptions options = new() { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
    private readonly InferenceSession session;

    public Encoder(string model) => session = new InferenceSession(model, options);

    public float[] Run(int[][] rows)
    {
        long[] ids = [.. rows.SelectMany(row => row.Select(id => (long)id))];
        long[] ones = [.. Enumerable.Repeat(1L, ids.Length)];
        long[] shape = [rows.Length, rows[0].Length];
        using OrtValue idsValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using OrtValue maskValue = OrtValue.CreateTensorValueFromMemory(ones, shape);
        using OrtValue typesValue = OrtValue.CreateTensorValueFromMemory(new long[ids.Length], shape);
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, Inputs, [idsValue, maskValue, typesValue], session.OutputNames);
        return outputs[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose()
    {
        session.Dispose();
        options.Dispose();
        run.Dispose();
    }
}
