using OrleansHybrid.Domain;

namespace OrleansHybrid.Links.Monitoring;

/// <summary>The share of probes and calls that a link lost lately. Each outcome counts half as much after <see cref="Limits.LinkLossHalfLife"/>. Used under the monitor's lock.</summary>
/// <remarks>Only outcomes of a link in use count: a link that is down is not told by its loss but by its health.</remarks>
internal sealed class LossMeter
{
    private double outcomes;
    private double lost;
    private TimeSpan at;

    /// <summary>In [0, 1]; 0 while fewer than <see cref="Limits.LinkLossOutcomesMin"/> outcomes, decayed, stand behind it.</summary>
    public double Share(TimeSpan now) => outcomes * Decay(now) < Limits.LinkLossOutcomesMin ? 0 : lost / outcomes;

    public void Add(bool wasLost, TimeSpan now)
    {
        var decay = Decay(now);
        outcomes = (outcomes * decay) + 1;
        lost = (lost * decay) + (wasLost ? 1 : 0);
        at = now;
    }

    private double Decay(TimeSpan now) => Math.Pow(0.5, (now - at) / Limits.LinkLossHalfLife);
}
