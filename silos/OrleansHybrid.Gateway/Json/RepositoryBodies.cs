using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Infer;
using OrleansHybrid.Gateway.Models;

namespace OrleansHybrid.Gateway.Json;

/// <summary>Reads the bodies of the model repository's routes.</summary>
internal static class RepositoryBodies
{
    /// <summary><c>{"ready": true}</c></summary>
    public static bool ReadIndex(ref JsonCursor cursor, ref bool ready)
    {
        if (!cursor.Open((byte)'{', "The body")) return false;
        if (cursor.IsEmpty((byte)'}')) return true;
        do
        {
            if (!ParameterReader.Read(ref cursor, out var name, out var value)) return false;
            if (name != "ready") continue;
            if (value.Kind != ParameterKind.Flag) return cursor.Fail(Bad.Input($"'ready' must be true or false; {value} came."));
            ready = value.Flag;
        }
        while (cursor.Next((byte)'}'));
        return cursor.Failure is null;
    }

    /// <summary><c>{"parameters": {"version": 2}}</c></summary>
    public static bool ReadChange(ref JsonCursor cursor, ref int? version)
    {
        if (!cursor.Open((byte)'{', "The body")) return false;
        if (cursor.IsEmpty((byte)'}')) return true;
        var seen = default(SeenNames);
        do
        {
            if (!cursor.ReadName(out var name)) return false;
            var ok = name.SequenceEqual("parameters"u8)
                ? seen.Once(ref cursor, 0, "parameters") && ReadParameters(ref cursor, ref version)
                : cursor.SkipValue();
            if (!ok) return false;
        }
        while (cursor.Next((byte)'}'));
        return cursor.Failure is null;
    }

    private static bool ReadParameters(ref JsonCursor cursor, ref int? version)
    {
        if (!cursor.Open((byte)'{', "'parameters'")) return false;
        if (cursor.IsEmpty((byte)'}')) return true;
        do
        {
            if (!ParameterReader.Read(ref cursor, out var name, out var value)) return false;
            if (RepositoryChanges.Set(ref version, name, value) is { } failure) return cursor.Fail(failure);
        }
        while (cursor.Next((byte)'}'));
        return cursor.Failure is null;
    }
}
