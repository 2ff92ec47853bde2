using System.Globalization;
using System.Text;
using OrleansHybrid.Domain.Tensors;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Infer;
using OrleansHybrid.Gateway.Models;

namespace OrleansHybrid.Gateway.Json;

/// <summary>Reads the body of <c>POST /v1/routes:explain</c>. This route is our own, so unknown properties are refused.</summary>
internal sealed class ExplainBody
{
    public string Model { get; private set; } = "";

    public int? Version { get; private set; }

    public long InputBytes { get; private set; }

    public ParameterDraft Parameters { get; } = new();

    public Dictionary<string, double> Signals { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Assume { get; } = new(StringComparer.Ordinal);

    /// <summary>Null when the body describes none.</summary>
    public List<TensorSpec>? Inputs { get; private set; }

    public bool Read(ref JsonCursor cursor)
    {
        if (!cursor.Open((byte)'{', "The body")) return false;
        var seen = default(SeenNames);
        if (cursor.IsEmpty((byte)'}')) return cursor.Fail(Bad.Input("'model' is missing."));
        do
        {
            if (!cursor.ReadName(out var name) || !ReadProperty(ref cursor, Encoding.UTF8.GetString(name), ref seen)) return false;
        }
        while (cursor.Next((byte)'}'));
        return cursor.Failure is null && (Model.Length > 0 || cursor.Fail(Bad.Input("'model' is missing.")));
    }

    private bool ReadProperty(ref JsonCursor cursor, string name, ref SeenNames seen)
    {
        switch (name)
        {
            case "model":
                var ok = seen.Once(ref cursor, 0, name) & InferBody.ReadText(ref cursor, name, out var model);
                Model = model ?? "";
                return ok;
            case "version":
                return seen.Once(ref cursor, 1, name) && ParameterReader.ReadValue(ref cursor, out var version) && SetVersion(ref cursor, version);
            case "input_bytes":
                return seen.Once(ref cursor, 2, name) && ParameterReader.ReadValue(ref cursor, out var bytes) && SetBytes(ref cursor, bytes);
            case "parameters":
                return seen.Once(ref cursor, 3, name) && ReadMembers(ref cursor, name, Parameters.Set);
            case "signals":
                return seen.Once(ref cursor, 4, name) && ReadMembers(ref cursor, name, AddSignal);
            case "assume":
                return seen.Once(ref cursor, 5, name) && ReadMembers(ref cursor, name, AddAssumption);
            case "inputs":
                return seen.Once(ref cursor, 6, name) && ReadInputs(ref cursor);
            default:
                return cursor.Fail(Bad.Input("The body has an unknown property; it takes model, version, parameters, input_bytes, inputs, signals and assume."));
        }
    }

    private bool ReadInputs(ref JsonCursor cursor)
    {
        if (!cursor.Open((byte)'[', "'inputs'")) return false;
        Inputs = [];
        if (cursor.IsEmpty((byte)']')) return true;
        do
        {
            if (Inputs.Count == Limits.TensorsPerRequestMax) return cursor.Fail(Bad.Input($"There are more than {Limits.TensorsPerRequestMax} inputs."));
            var input = new InputDraft();
            if (!InputReader.ReadDescription(ref cursor, input)) return false;
            Inputs.Add(new TensorSpec(input.Name, input.DataType, input.Shape));
        }
        while (cursor.Next((byte)']'));
        return cursor.Failure is null;
    }

    private static bool ReadMembers(ref JsonCursor cursor, string what, ParameterSink sink)
    {
        if (!cursor.Open((byte)'{', $"'{what}'")) return false;
        if (cursor.IsEmpty((byte)'}')) return true;
        do
        {
            if (!ParameterReader.Read(ref cursor, out var name, out var value)) return false;
            if (sink(name, value) is { } failure) return cursor.Fail(failure);
        }
        while (cursor.Next((byte)'}'));
        return cursor.Failure is null;
    }

    private bool SetVersion(ref JsonCursor cursor, in ParameterValue value)
    {
        int? version = null;
        if (RepositoryChanges.Set(ref version, "version", value) is { } failure) return cursor.Fail(failure);
        Version = version;
        return true;
    }

    private bool SetBytes(ref JsonCursor cursor, in ParameterValue value)
    {
        if (value.Kind != ParameterKind.Whole || value.Whole < 0) return cursor.Fail(Bad.Input($"'input_bytes' must be a whole number of 0 or more; {value} came."));
        InputBytes = value.Whole;
        return true;
    }

    private InferenceFailure? AddSignal(string name, in ParameterValue value)
    {
        if (value.Kind is not (ParameterKind.Whole or ParameterKind.Number)) return Bad.Input($"Signal '{name}' must be a number; {value} came.");
        return Signals.TryAdd(name, value.Number) ? null : Bad.Input($"Signal '{name}' is given twice.");
    }

    private InferenceFailure? AddAssumption(string name, in ParameterValue value)
    {
        var text = value.Kind switch
        {
            ParameterKind.Text => value.Text!,
            ParameterKind.Whole => value.Whole.ToString(CultureInfo.InvariantCulture),
            ParameterKind.Number => value.Number.ToString(CultureInfo.InvariantCulture),
            ParameterKind.Flag => value.Flag ? "true" : "false",
            _ => null,
        };
        if (text is null) return Bad.Input($"Assumption '{name}' must be a string, a number or a truth value.");
        return Assume.TryAdd(name, text) ? null : Bad.Input($"Assumption '{name}' is given twice.");
    }
}
