using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using OrleansHybrid.Gateway.Failures;

namespace OrleansHybrid.Gateway.Json;

/// <summary>Walks one JSON text that lies in memory whole, without making objects of it.</summary>
/// <remarks>
/// Every method that returns false left the reason in <see cref="Failure"/>; the first one stays. The cursor checks the grammar of what it walks itself and
/// hands values that nobody reads, and strings with escapes, to <see cref="Utf8JsonReader"/>.
/// </remarks>
internal ref struct JsonCursor(ReadOnlySpan<byte> text)
{
    /// <summary>A string ends or needs a closer look at these: quote, backslash, control characters.</summary>
    private static readonly SearchValues<byte> StringStops =
        SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(i => (byte)i)]);

    public readonly ReadOnlySpan<byte> Text = text;
    public int Position;
    private int depth;

    public InferenceFailure? Failure { get; private set; }

    public bool Fail(InferenceFailure failure)
    {
        Failure ??= failure;
        return false;
    }

    public bool FailSyntax(string expected) =>
        Fail(Bad.Body($"is not valid JSON: {expected} was expected at byte {Position}{(Position >= Text.Length ? ", where the body ends" : "")}"));

    /// <summary>The next byte that is not white space, not taken; 0 at the end.</summary>
    public byte Peek()
    {
        while (Position < Text.Length)
        {
            var c = Text[Position];
            if (c > ' ') return c;
            if (c is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')) return c == 0 ? (byte)1 : c;
            Position++;
        }

        return 0;
    }

    public bool TryTake(byte wanted)
    {
        if (Peek() != wanted) return false;
        Position++;
        return true;
    }

    public bool Take(byte wanted) => TryTake(wanted) || FailSyntax($"'{(char)wanted}'");

    /// <summary>Opens an object or array; its depth counts against <see cref="Limits.JsonDepthMax"/>.</summary>
    public bool Open(byte bracket, string what)
    {
        if (Peek() != bracket) return Fail(Bad.Input($"{what} must be {(bracket == '{' ? "an object" : "an array")}; {DescribeNext()} came."));
        Position++;
        return ++depth <= Limits.JsonDepthMax || FailDepth();
    }

    /// <summary>After a value: true when another member follows. At the end of the object or array it closes it; check <see cref="Failure"/>.</summary>
    public bool Next(byte closing)
    {
        if (TryTake((byte)',')) return true;
        if (Take(closing)) depth--;
        return false;
    }

    /// <summary>Whether an object or array that was just opened has no members; closes it if so.</summary>
    public bool IsEmpty(byte closing)
    {
        if (!TryTake(closing)) return false;
        depth--;
        return true;
    }

    public bool ReadName(out ReadOnlySpan<byte> name) => ReadString("a property name", out name) && Take((byte)':');

    /// <summary>Reads a string; the span is the text itself, or a copy when it had escapes.</summary>
    public bool ReadString(string what, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (Peek() != '"') return Fail(Bad.Input($"{what} must be a string; {DescribeNext()} came."));
        var start = Position + 1;
        var rest = Text[start..];
        var length = rest.IndexOfAny(StringStops);
        if (length < 0 || rest[length] < 0x20) return FailInString(start + Math.Max(length, 0));
        if (rest[length] == '\\') return ReadEscaped(length, out value);
        value = rest[..length];
        if (!Utf8.IsValid(value)) return FailInString(start);
        Position = start + length + 1;
        return true;
    }

    /// <summary>Steps over a value that is not needed, checking its grammar and depth.</summary>
    public bool SkipValue()
    {
        Peek();
        try
        {
            var reader = new Utf8JsonReader(Text[Position..], new JsonReaderOptions { MaxDepth = Math.Max(1, Limits.JsonDepthMax - depth) });
            if (!reader.Read()) return FailSyntax("a value");
            reader.Skip();
            Position += (int)reader.BytesConsumed;
            return true;
        }
        catch (JsonException)
        {
            return Fail(Bad.Body($"is not valid JSON, or nests deeper than {Limits.JsonDepthMax}, in the value that begins at byte {Position}"));
        }
    }

    /// <summary>Nothing but white space may follow the body's one value.</summary>
    public bool End() => Peek() == 0 || Fail(Bad.Body($"has something after its JSON object, at byte {Position}"));

    public bool TryTakeWord(ReadOnlySpan<byte> word)
    {
        Peek();
        if (!Text[Position..].StartsWith(word)) return false;
        Position += word.Length;
        return true;
    }

    /// <summary>What kind of value comes next, for messages.</summary>
    public string DescribeNext() => Peek() switch
    {
        0 => "the end of the body",
        (byte)'{' => "an object",
        (byte)'[' => "an array",
        (byte)'"' => "a string",
        (byte)'t' or (byte)'f' => "a truth value",
        (byte)'n' => "null",
        (byte)'-' or (>= (byte)'0' and <= (byte)'9') => "a number",
        _ => "something that is not JSON",
    };

    public bool Deeper() => ++depth <= Limits.JsonDepthMax || FailDepth();

    public void Shallower() => depth--;

    private bool FailDepth() => Fail(Bad.Body($"nests deeper than {Limits.JsonDepthMax} levels at byte {Position}"));

    private bool FailInString(int at) => Fail(Bad.Body($"has a string that is not closed, not UTF-8 or holds a bare control character, near byte {at}"));

    private bool ReadEscaped(int from, out ReadOnlySpan<byte> value)
    {
        value = default;
        var rest = Text[(Position + 1)..];
        var end = from;
        while (end < rest.Length && rest[end] != '"') end += rest[end] == '\\' ? 2 : 1;
        if (end >= rest.Length) return FailInString(Position);
        try
        {
            var reader = new Utf8JsonReader(Text.Slice(Position, end + 2));
            reader.Read();
            var copy = new byte[end];
            value = copy.AsSpan(0, reader.CopyString(copy));
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return FailInString(Position);
        }

        Position += end + 2;
        return true;
    }
}
