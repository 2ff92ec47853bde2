namespace OrleansHybrid.Domain.Models;

/// <summary>How long things took, as counts per bucket of <see cref="LatencyBuckets"/>: immutable, sparse, mergeable, at most 1 % off at any quantile.</summary>
/// <remarks>Merging is adding counts: it is associative and commutative, so sketches of silos, zones and regions add up in any order.</remarks>
/// <param name="Indices">Buckets that hold something, ascending.</param>
/// <param name="Counts">How many are in each; as long as <paramref name="Indices"/>.</param>
[GenerateSerializer, Immutable, Alias("hybrid.latency-sketch")]
public sealed record LatencySketch([property: Id(0)] int[] Indices, [property: Id(1)] long[] Counts)
{
    public static LatencySketch Empty { get; } = new([], []);

    public long Count => Counts.Sum();

    /// <summary>The sketch of dense counts, one for each bucket.</summary>
    public static LatencySketch FromDense(ReadOnlySpan<long> counts)
    {
        var used = counts.Length - counts.Count(0L);
        if (used == 0) return Empty;
        var (indices, sparse, next) = (new int[used], new long[used], 0);
        for (var i = 0; i < counts.Length; i++)
        {
            if (counts[i] == 0) continue;
            indices[next] = i;
            sparse[next++] = counts[i];
        }

        return new LatencySketch(indices, sparse);
    }

    public LatencySketch Merge(LatencySketch other)
    {
        if (other.Indices.Length == 0) return this;
        if (Indices.Length == 0) return other;
        Span<long> dense = stackalloc long[LatencyBuckets.Count];
        dense.Clear();
        AddTo(dense);
        other.AddTo(dense);
        return FromDense(dense);
    }

    /// <summary>The time in milliseconds under which the share <paramref name="quantile"/> of all lies; null when there is nothing to tell from.</summary>
    public double? Quantile(double quantile)
    {
        if (quantile is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(quantile), quantile, "A quantile is a share from 0 to 1.");
        var rank = LatencyQuantile.Rank(quantile, Count);
        long seen = 0;
        for (var i = 0; i < Indices.Length; i++)
        {
            seen += Counts[i];
            if (seen > rank) return LatencyBuckets.ValueOf(Indices[i]);
        }

        return null;
    }

    public bool Equals(LatencySketch? other) =>
        other is not null && Indices.AsSpan().SequenceEqual(other.Indices) && Counts.AsSpan().SequenceEqual(other.Counts);

    public override int GetHashCode() => HashCode.Combine(Indices.Length, Count);

    /// <summary>Adds to one count for each bucket. A bucket beyond the layout (of a newer product) counts as the longest.</summary>
    internal void AddTo(Span<long> dense)
    {
        for (var i = 0; i < Indices.Length; i++) dense[Math.Min(Indices[i], dense.Length - 1)] += Counts[i];
    }
}

internal static class LatencyQuantile
{
    /// <summary>The position of a quantile among sorted values, from 0: the lower of two neighbours, as the nearest-rank definition on n-1 has it.</summary>
    public static long Rank(double quantile, long count) => (long)(quantile * (count - 1));
}
