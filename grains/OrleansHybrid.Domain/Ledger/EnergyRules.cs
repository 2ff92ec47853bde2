namespace OrleansHybrid.Domain.Ledger;

/// <summary>The machine's energy meter. A reading is a counter that grows and starts again at its range.</summary>
public interface IEnergyMeter
{
    /// <summary>Null where the machine has no meter that this process may read.</summary>
    EnergyReading? Read();
}

/// <summary>No meter: energy is declared by the policy's watts.</summary>
public sealed class NoEnergyMeter : IEnergyMeter
{
    public EnergyReading? Read() => null;
}

/// <param name="Domains">One counter for each package of the machine, in a fixed order.</param>
/// <param name="OwnCpu">CPU time of this process so far, divided among the cells that share it.</param>
/// <param name="MachineCpu">CPU time of the whole machine so far.</param>
public sealed record EnergyReading(IReadOnlyList<EnergyCounter> Domains, TimeSpan OwnCpu, TimeSpan MachineCpu);

/// <param name="Microjoules">As the counter stands.</param>
/// <param name="Range">The counter starts again at 0 after this.</param>
public readonly record struct EnergyCounter(long Microjoules, long Range);

/// <summary>From two readings to the share of this process, and to the rows. Pure.</summary>
public static class EnergyRules
{
    /// <summary>Microjoules that the process used between two readings: the machine's, by its part of the CPU time. 0 when the readings do not fit together.</summary>
    public static long Share(EnergyReading before, EnergyReading after)
    {
        var machine = after.MachineCpu - before.MachineCpu;
        var own = after.OwnCpu - before.OwnCpu;
        if (machine <= TimeSpan.Zero || own <= TimeSpan.Zero || before.Domains.Count != after.Domains.Count) return 0;
        var total = before.Domains.Zip(after.Domains, Used).Sum();
        return (long)(total * Math.Min(1, own / machine));
    }

    /// <summary>Parts of a whole by weight; they add up to it exactly. Without any weight all parts are 0.</summary>
    public static long[] Spread(long whole, IReadOnlyList<long> weights)
    {
        var parts = new long[weights.Count];
        var weightLeft = weights.Sum(w => (decimal)w);
        var left = whole;
        for (var i = 0; i < parts.Length && weightLeft > 0; i++)
        {
            parts[i] = (long)(left * (weights[i] / weightLeft));
            (left, weightLeft) = (left - parts[i], weightLeft - weights[i]);
        }

        return parts;
    }

    /// <summary>A counter that shows less than before has started again once.</summary>
    private static double Used(EnergyCounter before, EnergyCounter after) =>
        after.Microjoules >= before.Microjoules ? after.Microjoules - before.Microjoules : Math.Max(0, after.Range - before.Microjoules) + (double)after.Microjoules;
}
