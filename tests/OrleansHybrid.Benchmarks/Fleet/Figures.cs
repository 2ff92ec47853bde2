using System.Globalization;

namespace OrleansHybrid.Benchmarks.Fleet;

internal sealed record RateFigures(int Nodes, IReadOnlyList<(CallFigures Echo, CallFigures CheckIn)> Rounds, long Failed)
{
    public double Ratio => Median(Ratios);

    public IEnumerable<double> Ratios => Rounds.Select(r => r.CheckIn.PerSecond / r.Echo.PerSecond);

    public CallFigures Echo => Median(Rounds.Select(r => r.Echo));

    public CallFigures CheckIn => Median(Rounds.Select(r => r.CheckIn));

    private static CallFigures Median(IEnumerable<CallFigures> all) => new(Median(all.Select(f => f.PerSecond)), Median(all.Select(f => f.ServerMicros)), Median(all.Select(f => f.CallerMicros)));

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}

/// <param name="Activations">Made since the cell's start.</param>
internal sealed record Counted(IReadOnlyDictionary<string, long> Commands, long Activations);

/// <summary>What the store ran and what was activated between two moments.</summary>
internal sealed record CountedWindow(IReadOnlyDictionary<string, long> Commands, long Activations, TimeSpan Time)
{
    public long Total => Commands.Values.Sum();

    public static CountedWindow Of(Counted before, Counted after, TimeSpan time) => new(
        after.Commands.Select(c => (c.Key, Calls: c.Value - before.Commands.GetValueOrDefault(c.Key))).Where(c => c.Calls != 0).ToDictionary(c => c.Key, c => c.Calls), after.Activations - before.Activations, time);

    public string Kinds => string.Join(", ", Commands.OrderByDescending(c => c.Value).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Key} {c.Value}")));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Total} commands ({Kinds}), {Activations} activations");
}

internal sealed record CountFigures(int Nodes, CountedWindow Empty, CountedWindow Idle, CountedWindow Change, TimeSpan Learnt, CountedWindow Served, long Failed);

internal sealed record MemoryPoint(TimeSpan At, long ResidentKib);
