using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Infer;

namespace OrleansHybrid.Gateway.Json;

/// <summary>Reads one object of <c>outputs</c>.</summary>
internal static class OutputReader
{
    public static bool Read(ref JsonCursor cursor, OutputWanted output)
    {
        if (!cursor.Open((byte)'{', "An entry of 'outputs'")) return false;
        var seen = default(SeenNames);
        if (!cursor.IsEmpty((byte)'}'))
        {
            do
            {
                if (!cursor.ReadName(out var name)) return false;
                var ok = name switch
                {
                    _ when name.SequenceEqual("name"u8) => seen.Once(ref cursor, 0, "name") && ReadName(ref cursor, output),
                    _ when name.SequenceEqual("parameters"u8) => seen.Once(ref cursor, 1, "parameters") && ReadParameters(ref cursor, output),
                    _ => cursor.SkipValue(),
                };
                if (!ok) return false;
            }
            while (cursor.Next((byte)'}'));
        }

        if (cursor.Failure is not null) return false;
        return output.Name.Length > 0 || cursor.Fail(Bad.Input("An entry of 'outputs' has no name."));
    }

    private static bool ReadName(ref JsonCursor cursor, OutputWanted output)
    {
        var ok = InferBody.ReadText(ref cursor, "name", out var name);
        output.Name = name ?? "";
        return ok;
    }

    private static bool ReadParameters(ref JsonCursor cursor, OutputWanted output)
    {
        if (!cursor.Open((byte)'{', "'parameters' of an output")) return false;
        if (cursor.IsEmpty((byte)'}')) return true;
        do
        {
            if (!ParameterReader.Read(ref cursor, out var name, out var value)) return false;
            if (OutputParameters.Set(output, name, value) is { } failure) return cursor.Fail(failure);
        }
        while (cursor.Next((byte)'}'));
        return cursor.Failure is null;
    }
}
