using System.Globalization;
using OrleansHybrid.FleetSimulator.Run;

namespace OrleansHybrid.FleetSimulator;

/// <summary>How a fleet is doing, in one line.</summary>
internal static class FleetLine
{
    public static string Of(SimulatedFleet fleet)
    {
        var versions = fleet.Nodes.SelectMany(n => n.Versions).GroupBy(v => (v.Model, v.Version, v.Stage)).OrderBy(g => g.Key.Model, StringComparer.Ordinal).ThenBy(g => g.Key.Version)
            .Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Key.Model}@{g.Key.Version} {g.Key.Stage.ToString().ToLowerInvariant()} {g.Count()}"));
        return string.Create(CultureInfo.InvariantCulture,
            $"nodes {fleet.Nodes.Count}, check-ins {fleet.Nodes.Sum(n => n.Tally.CheckIns)} (failed {fleet.Nodes.Sum(n => n.Tally.FailedCheckIns)}), documents {fleet.Nodes.Min(n => n.ToldRevision)}..{fleet.Nodes.Max(n => n.ToldRevision)}, deaths {fleet.Nodes.Sum(n => n.Tally.Deaths)}, answers {fleet.Nodes.Sum(n => n.Answers.Count)}; {string.Join(", ", versions)}");
    }
}
