using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Links.Machine;

/// <summary>What answers cost a node: meters and a count of answers, added up since the start. Pure; not for two callers at once.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>A figure that nothing measures is null. One that is measured is told from <see cref="Limits.NodeEnergyAnswersMin"/> answers on.</item>
/// <item>Joules are this process' part of the machine's, by CPU time. A battery's percents are the whole machine's, and only while it empties: what the gauge shows on mains says nothing of work.</item>
/// <item>Answers count towards a figure only where both ends of their stretch were measured.</item>
/// </list>
/// </remarks>
public sealed class EnergyTally
{
    private const double MicrojoulesPerJoule = 1_000_000;
    private MachineReading? last;
    private long lastAnswers;
    private (double Used, long Answers) battery;
    private (double Used, long Answers) joules;

    /// <summary>Takes one reading.</summary>
    /// <param name="answers">Given so far since the start.</param>
    public NodeEnergy Add(MachineReading reading, long answers)
    {
        var given = answers - lastAnswers;
        if (last is { Energy: { } before } && reading.Energy is { } after) joules = (joules.Used + (EnergyRules.Share(before, after) / MicrojoulesPerJoule), joules.Answers + given);
        if (last is { Battery: { Discharging: true } was } && reading.Battery is { Discharging: true } now) battery = (battery.Used + Math.Max(0, was.Percent - now.Percent), battery.Answers + given);
        (last, lastAnswers) = (reading, answers);
        return new NodeEnergy(answers, Per1000(battery), Per1000(joules), reading.TemperatureC is { } degrees ? Math.Round(degrees / Limits.NodeReadingStep) * Limits.NodeReadingStep : null);
    }

    /// <summary>Three digits: more would make every report a new one and say nothing.</summary>
    private static double? Per1000((double Used, long Answers) sum)
    {
        if (sum.Answers < Limits.NodeEnergyAnswersMin) return null;
        var figure = sum.Used * 1000 / sum.Answers;
        if (figure == 0) return 0;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(figure)) - 2);
        return Math.Round(figure / unit) * unit;
    }
}
