using System.Globalization;

namespace OrleansHybrid.Domain.Tensors;

/// <summary>The dimensions of a tensor, outermost first. An empty shape is a scalar; -1 (in a specification only) is a free dimension.</summary>
[GenerateSerializer, Immutable, Alias("hybrid.tensor-shape")]
public readonly struct TensorShape : IEquatable<TensorShape>
{
    [Id(0)] private readonly long[]? dims;

    /// <summary>Takes the array over: the caller must not change it afterwards.</summary>
    public TensorShape(params long[] dims) => this.dims = dims;

    public ReadOnlySpan<long> Dims => dims;

    public int Rank => dims?.Length ?? 0;

    public long this[int axis] => dims![axis];

    public bool HasFreeDimension => Dims.Contains(-1);

    /// <summary>The number of elements, or null when a dimension is free or negative or the product does not fit a signed 64-bit number.</summary>
    public long? ElementCount
    {
        get
        {
            long count = 1;
            foreach (var dim in Dims)
            {
                if (dim < 0) return null;
                if (Math.BigMul(count, dim, out var product) != 0 || product < 0) return null;
                count = product;
            }

            return count;
        }
    }

    /// <summary>Whether a tensor of the shape <paramref name="actual"/> fits this specification.</summary>
    public bool Accepts(TensorShape actual)
    {
        if (actual.Rank != Rank) return false;
        for (var i = 0; i < Rank; i++)
        {
            if (this[i] != -1 && this[i] != actual[i]) return false;
        }

        return true;
    }

    /// <summary>The same shape with another first dimension; used when rows are batched or cut out of a batch.</summary>
    public TensorShape WithFirst(long rows)
    {
        var copy = Dims.ToArray();
        copy[0] = rows;
        return new TensorShape(copy);
    }

    public long[] ToArray() => Dims.ToArray();

    public bool Equals(TensorShape other) => Dims.SequenceEqual(other.Dims);

    public override bool Equals(object? obj) => obj is TensorShape other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var dim in Dims) hash.Add(dim);
        return hash.ToHashCode();
    }

    public override string ToString() =>
        "[" + string.Join(",", Dims.ToArray().Select(d => d.ToString(CultureInfo.InvariantCulture))) + "]";

    public static bool operator ==(TensorShape left, TensorShape right) => left.Equals(right);

    public static bool operator !=(TensorShape left, TensorShape right) => !left.Equals(right);
}
