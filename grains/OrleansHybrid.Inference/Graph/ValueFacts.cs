namespace OrleansHybrid.Inference.Graph;

/// <summary>What is known of one value before anything runs.</summary>
/// <param name="ElementType">One of <see cref="ElementTypes"/>.</param>
/// <param name="Constant">The integers it holds, when it is a constant small enough to look at.</param>
internal readonly record struct ValueFacts(int ElementType, IntegerRange? Constant = null)
{
    public static ValueFacts Unknown => default;

    /// <summary>Both statements hold; what they disagree on is not known.</summary>
    public ValueFacts Merge(ValueFacts other) =>
        new(ElementTypes.Merge(ElementType, other.ElementType), Constant == other.Constant ? Constant : null);

    public ValueFacts WithoutConstant() => new(ElementType);
}

/// <summary>The integers of a constant: their bounds, and whether 0 or -1 is among them.</summary>
internal readonly record struct IntegerRange(Int128 Min, Int128 Max, bool HasZero, bool HasMinusOne)
{
    public static IntegerRange Empty => new(Int128.MaxValue, Int128.MinValue, false, false);

    /// <summary>Dividing any integer by any of them is defined.</summary>
    public bool IsSafeDivisor => !HasZero && !HasMinusOne;

    public IntegerRange With(Int128 value) => new(
        Int128.Min(Min, value), Int128.Max(Max, value), HasZero || value == 0, HasMinusOne || value == -1);

    /// <summary>Whether a cast to the integer type changes none of them.</summary>
    public bool Fits(int elementType)
    {
        var bits = ElementTypes.Bits(elementType);
        if (!ElementTypes.IsInteger(elementType) || bits == 0) return false;
        var unsigned = elementType is ElementTypes.Uint8 or ElementTypes.Uint16 or ElementTypes.Uint32 or ElementTypes.Uint64;
        var low = unsigned ? 0 : -(Int128.One << (bits - 1));
        var high = unsigned ? (Int128.One << bits) - 1 : (Int128.One << (bits - 1)) - 1;
        return Min > Max || (Min >= low && Max <= high);
    }
}
