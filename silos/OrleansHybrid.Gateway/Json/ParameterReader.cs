using System.Text;
using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Infer;

namespace OrleansHybrid.Gateway.Json;

/// <summary>Reads one member of a <c>parameters</c> object.</summary>
internal static class ParameterReader
{
    public static bool Read(ref JsonCursor cursor, out string name, out ParameterValue value)
    {
        (name, value) = ("", default);
        if (!cursor.ReadName(out var utf8)) return false;
        if (utf8.Length > Limits.NameCharsMax * 4) return cursor.Fail(Bad.Input($"A parameter's name is longer than {Limits.NameCharsMax} characters."));
        name = Encoding.UTF8.GetString(utf8);
        return ReadValue(ref cursor, out value);
    }

    public static bool ReadValue(ref JsonCursor cursor, out ParameterValue value)
    {
        value = new ParameterValue(ParameterKind.Other);
        switch (cursor.Peek())
        {
            case (byte)'"':
                if (!cursor.ReadString("A parameter", out var text)) return false;
                value = ParameterValue.Of(Encoding.UTF8.GetString(text));
                return true;
            case (byte)'t' or (byte)'f':
                if (cursor.TryTakeWord("true"u8)) value = ParameterValue.Of(true);
                else if (cursor.TryTakeWord("false"u8)) value = ParameterValue.Of(false);
                else return cursor.FailSyntax("a value");
                return true;
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                return ReadNumber(ref cursor, out value);
            default:
                return cursor.SkipValue();
        }
    }

    private static bool ReadNumber(ref JsonCursor cursor, out ParameterValue value)
    {
        var text = cursor.Text[cursor.Position..];
        value = default;
        if (WholeReader<long>.Read(text, out var whole, out var length) == ElementOutcome.Read) value = ParameterValue.Of(whole);
        else if (DoubleReader.Read(text, out var number, out length) == ElementOutcome.Read) value = ParameterValue.Of(number);
        else return cursor.FailSyntax("a number of 64 bits");
        cursor.Position += length;
        return true;
    }
}
