namespace OrleansHybrid.Domain.Models;

/// <summary>The buckets that every latency sketch shares, so that any two merge: bounds grow by a constant factor, so a value is known to within 1 %.</summary>
/// <remarks>
/// Bucket <c>i</c> holds values in (min·γ^(i-1), min·γ^i] with γ = (1+α)/(1-α), and stands for the value whose relative error to both ends is α.
/// Values at or under a microsecond are told as one; those above the longest deadline's double as that. The layout is persisted: changing it
/// means reading old sketches with the old one.
/// </remarks>
public static class LatencyBuckets
{
    /// <summary>Relative error α of a quantile.</summary>
    public const double RelativeError = 0.01;

    /// <summary>Milliseconds; shorter times are told as this.</summary>
    public const double MinMs = 0.001;

    /// <summary>Milliseconds; longer times are told as this. Twice the longest deadline.</summary>
    public const double MaxMs = 600_000;

    private const double Gamma = (1 + RelativeError) / (1 - RelativeError);
    private static readonly double InverseLogGamma = 1 / Math.Log(Gamma);

    /// <summary>How many buckets there are: a sketch never grows beyond them.</summary>
    public static int Count { get; } = IndexOf(MaxMs) + 1;

    /// <summary>The bucket of a time in milliseconds. Not a number and negative times count as the shortest.</summary>
    public static int IndexOf(double ms)
    {
        if (!(ms > MinMs)) return 0;
        return (int)Math.Ceiling(Math.Log(Math.Min(ms, MaxMs) / MinMs) * InverseLogGamma);
    }

    /// <summary>The time in milliseconds that a bucket stands for.</summary>
    public static double ValueOf(int index) => index == 0 ? MinMs : MinMs * 2 * Math.Pow(Gamma, index) / (Gamma + 1);
}
