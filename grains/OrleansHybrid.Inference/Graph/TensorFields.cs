using OrleansHybrid.Domain;

namespace OrleansHybrid.Inference.Graph;

/// <summary>The fields of a tensor message while it is read.</summary>
internal ref struct TensorFields()
{
    public ulong Seen;
    public string Name = "";
    public int ElementType;
    public int Rank;
    public long Elements = 1;
    public long StoredBytes;
    public ReadOnlySpan<byte> Raw;
    public bool HasRaw;
    public IntegerCollector Constant = new();
    public ulong Location;
    public string? ExternalFile;
    public long? Offset;
    public long? Length;
}

/// <summary>Collects the bounds of integers up to <see cref="Limits.GraphConstantElementsMax"/> of them.</summary>
internal struct IntegerCollector()
{
    private IntegerRange range = IntegerRange.Empty;

    public long Count { get; private set; }

    public readonly IntegerRange? Range => Count <= Limits.GraphConstantElementsMax ? range : null;

    public void Add(Int128 value)
    {
        if (++Count <= Limits.GraphConstantElementsMax) range = range.With(value);
    }
}
