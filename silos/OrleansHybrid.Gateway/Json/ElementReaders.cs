using System.Numerics;

namespace OrleansHybrid.Gateway.Json;

internal enum ElementOutcome
{
    Read,

    /// <summary>Not a value of this kind.</summary>
    WrongKind,

    /// <summary>A number that the element type cannot hold.</summary>
    OutOfRange,
}

/// <summary>Reads one element of a tensor. Structs, so that each loop is compiled for its own type.</summary>
internal interface IElementReader<T>
    where T : unmanaged
{
    static abstract ElementOutcome Read(ReadOnlySpan<byte> text, out T value, out int length);
}

internal readonly struct FloatReader : IElementReader<float>
{
    public static ElementOutcome Read(ReadOnlySpan<byte> text, out float value, out int length)
    {
        if (JsonNumbers.TryUsualFloat(text, out value, out length)) return ElementOutcome.Read;
        var found = JsonNumbers.TryScan(text, out var scan);
        length = scan.Length;
        if (!found) return ElementOutcome.WrongKind;
        return JsonNumbers.TryFloat(text, scan, out value) ? ElementOutcome.Read : ElementOutcome.OutOfRange;
    }
}

internal readonly struct DoubleReader : IElementReader<double>
{
    public static ElementOutcome Read(ReadOnlySpan<byte> text, out double value, out int length)
    {
        value = 0;
        var found = JsonNumbers.TryScan(text, out var scan);
        length = scan.Length;
        if (!found) return ElementOutcome.WrongKind;
        return JsonNumbers.TryDouble(text, scan, out value) ? ElementOutcome.Read : ElementOutcome.OutOfRange;
    }
}

/// <summary>Whole numbers of any width; <c>3.0</c> and <c>3e0</c> are refused, since a fraction would be lost silently elsewhere.</summary>
internal readonly struct WholeReader<T> : IElementReader<T>
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private static readonly ulong Highest = ulong.CreateChecked(T.MaxValue);
    private static readonly ulong Lowest = T.IsNegative(T.MinValue) ? Highest + 1 : 0;

    public static ElementOutcome Read(ReadOnlySpan<byte> text, out T value, out int length)
    {
        value = default;
        var found = JsonNumbers.TryScan(text, out var scan);
        length = scan.Length;
        if (!found || !scan.Whole) return ElementOutcome.WrongKind;
        if (!TryMagnitude(text, scan, out var magnitude) || magnitude > (scan.Negative ? Lowest : Highest)) return ElementOutcome.OutOfRange;
        value = T.CreateTruncating(scan.Negative ? 0UL - magnitude : magnitude);
        return ElementOutcome.Read;
    }

    private static bool TryMagnitude(ReadOnlySpan<byte> text, in JsonNumbers.Scan scan, out ulong magnitude)
    {
        magnitude = scan.Mantissa;
        if (scan.Digits <= 19) return true;
        return ulong.TryParse(text[(scan.Negative ? 1 : 0)..scan.Length], System.Globalization.NumberStyles.None, null, out magnitude);
    }
}

internal readonly struct TruthReader : IElementReader<byte>
{
    public static ElementOutcome Read(ReadOnlySpan<byte> text, out byte value, out int length)
    {
        value = (byte)(text.StartsWith("true"u8) ? 1 : 0);
        length = value == 1 ? 4 : 5;
        return value == 1 || text.StartsWith("false"u8) ? ElementOutcome.Read : ElementOutcome.WrongKind;
    }
}
