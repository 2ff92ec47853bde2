using OrleansHybrid.Domain;

namespace OrleansHybrid.Links.Monitoring;

/// <summary>The last round trips of probes, milliseconds. Used by one prober at a time.</summary>
internal sealed class RoundTrips
{
    private readonly double[] ring = new double[Limits.LinkSamplesMax];

    public long Samples { get; private set; }

    public double P95 { get; private set; }

    public void Add(TimeSpan roundTrip)
    {
        ring[Samples++ % ring.Length] = roundTrip.TotalMilliseconds;
        var sorted = ring[..(int)Math.Min(Samples, ring.Length)];
        Array.Sort(sorted);
        P95 = sorted[(int)Math.Ceiling(0.95 * sorted.Length) - 1];
    }
}
