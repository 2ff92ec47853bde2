using System.Text;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Infer;

namespace OrleansHybrid.Gateway.Json;

/// <summary>Reads the protocol's inference request object: one pass, tensor data straight into leases.</summary>
internal static class InferBody
{
    /// <summary>Fills <paramref name="draft"/>. Null on success. Leases stay with the draft either way.</summary>
    public static InferenceFailure? Read(ReadOnlySpan<byte> json, InferDraft draft, TensorPool pool)
    {
        var cursor = new JsonCursor(json);
        if (ReadTop(ref cursor, draft, pool) && cursor.End()) return draft.Inputs.Count == 0 ? Bad.Input("The request has no inputs; 'inputs' must hold at least one tensor.") : draft.CheckNames();
        return cursor.Failure;
    }

    private static bool ReadTop(ref JsonCursor cursor, InferDraft draft, TensorPool pool)
    {
        if (!cursor.Open((byte)'{', "The request body")) return false;
        if (cursor.IsEmpty((byte)'}')) return true;
        var seen = default(SeenNames);
        do
        {
            if (!cursor.ReadName(out var name)) return false;
            var ok = name switch
            {
                _ when name.SequenceEqual("inputs"u8) => seen.Once(ref cursor, 0, "inputs") && ReadInputs(ref cursor, draft, pool),
                _ when name.SequenceEqual("outputs"u8) => seen.Once(ref cursor, 1, "outputs") && ReadOutputs(ref cursor, draft),
                _ when name.SequenceEqual("id"u8) => seen.Once(ref cursor, 2, "id") && ReadText(ref cursor, "id", out draft.Id),
                _ when name.SequenceEqual("parameters"u8) => seen.Once(ref cursor, 3, "parameters") && ReadParameters(ref cursor, draft),
                _ => cursor.SkipValue(),
            };
            if (!ok) return false;
        }
        while (cursor.Next((byte)'}'));
        return cursor.Failure is null;
    }

    private static bool ReadInputs(ref JsonCursor cursor, InferDraft draft, TensorPool pool)
    {
        if (!cursor.Open((byte)'[', "'inputs'")) return false;
        if (cursor.IsEmpty((byte)']')) return true;
        do
        {
            var input = new InputDraft();
            if (draft.AddInput(input) is { } tooMany) return cursor.Fail(tooMany);
            if (!InputReader.Read(ref cursor, input, pool)) return false;
        }
        while (cursor.Next((byte)']'));
        return cursor.Failure is null;
    }

    private static bool ReadOutputs(ref JsonCursor cursor, InferDraft draft)
    {
        if (!cursor.Open((byte)'[', "'outputs'")) return false;
        if (cursor.IsEmpty((byte)']')) return true;
        do
        {
            if (draft.Outputs.Count == Limits.TensorsPerRequestMax) return cursor.Fail(Bad.Input($"The request names more than {Limits.TensorsPerRequestMax} outputs."));
            var output = new OutputWanted();
            draft.Outputs.Add(output);
            if (!OutputReader.Read(ref cursor, output)) return false;
        }
        while (cursor.Next((byte)']'));
        return cursor.Failure is null;
    }

    private static bool ReadParameters(ref JsonCursor cursor, InferDraft draft)
    {
        if (!cursor.Open((byte)'{', "'parameters'")) return false;
        if (cursor.IsEmpty((byte)'}')) return true;
        do
        {
            if (!ParameterReader.Read(ref cursor, out var name, out var value)) return false;
            if (draft.Parameters.Set(name, value) is { } failure) return cursor.Fail(failure);
        }
        while (cursor.Next((byte)'}'));
        return cursor.Failure is null;
    }

    internal static bool ReadText(ref JsonCursor cursor, string what, out string? text)
    {
        text = null;
        if (!cursor.ReadString($"'{what}'", out var utf8)) return false;
        text = Encoding.UTF8.GetString(utf8);
        return text.Length <= Limits.NameCharsMax || cursor.Fail(Bad.Input($"'{what}' has {text.Length} characters; at most {Limits.NameCharsMax} are taken."));
    }
}
