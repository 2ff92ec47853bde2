using System.Text;
using System.Text.Json;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Infer;

namespace OrleansHybrid.Gateway.Json;

/// <summary>Reads probes: a request as it can be posted to <c>/v2/models/NAME/infer</c>, which passes over <c>"expect": {"label": "left", "confidence_min": 0.8}</c>.</summary>
public sealed class ProbeReader(TensorPool pool) : IProbeReader
{
    public ProbeRequest? Read(ReadOnlyMemory<byte> file, out string error)
    {
        using var draft = new InferDraft();
        var failure = InferBody.Read(file.Span, draft, pool);
        if (failure is null && draft.Inputs.Find(i => i.Data is null) is { } empty) failure = Bad.Input($"Input '{empty.Name}' has no data; a probe's are in its file.");
        var expect = ProbeExpectation.None;
        if (failure is null)
        {
            var cursor = new JsonCursor(file.Span);
            if (!ReadExpect(ref cursor, ref expect)) failure = cursor.Failure;
        }

        error = failure?.Message ?? "";
        return failure is null ? new ProbeRequest(TakeInputs(draft), expect) : null;
    }

    private static Tensor[] TakeInputs(InferDraft draft)
    {
        var inputs = new Tensor[draft.Inputs.Count];
        for (var i = 0; i < inputs.Length; i++)
        {
            var input = draft.Inputs[i];
            inputs[i] = new Tensor(input.Name, input.DataType, input.Shape, input.Data!);
            input.Data = null; // The receiver's now.
        }

        return inputs;
    }

    private static bool ReadExpect(ref JsonCursor cursor, ref ProbeExpectation expect)
    {
        var seen = default(SeenNames);
        cursor.Open((byte)'{', "The probe");
        do
        {
            if (!cursor.ReadName(out var name)) return false;
            var ok = name.SequenceEqual("expect"u8) ? seen.Once(ref cursor, 0, "expect") && ReadMembers(ref cursor, ref expect) : cursor.SkipValue();
            if (!ok) return false;
        }
        while (cursor.Next((byte)'}'));
        return cursor.Failure is null;
    }

    private static bool ReadMembers(ref JsonCursor cursor, ref ProbeExpectation expect)
    {
        if (!cursor.Open((byte)'{', "'expect'")) return false;
        if (cursor.IsEmpty((byte)'}')) return true;
        var seen = default(SeenNames);
        do
        {
            if (!cursor.ReadName(out var utf8)) return false;
            var name = Encoding.UTF8.GetString(utf8);
            if (!seen.Once(ref cursor, name == "label" ? 0 : 1, name) || !ParameterReader.ReadValue(ref cursor, out var value)) return false;
            if (Set(ref expect, name, value) is { } failure) return cursor.Fail(failure);
        }
        while (cursor.Next((byte)'}'));
        return cursor.Failure is null;
    }

    private static InferenceFailure? Set(ref ProbeExpectation expect, string name, in ParameterValue value)
    {
        switch (name)
        {
            case "label" when value.Kind == ParameterKind.Text:
                expect = expect with { Label = value.Text };
                return null;
            case "confidence_min" when value.Kind is ParameterKind.Whole or ParameterKind.Number && value.Number is >= 0 and <= 1:
                expect = expect with { ConfidenceMin = value.Number };
                return null;
            case "label":
                return Bad.Input($"'expect.label' must be a string; {value} came.");
            case "confidence_min":
                return Bad.Input($"'expect.confidence_min' must be a number in [0, 1]; {value} came.");
            default:
                return Bad.Input($"'expect' takes label and confidence_min; {JsonEncodedText.Encode(name)} came.");
        }
    }
}
