namespace OrleansHybrid.Domain.Nodes;

/// <summary>How a node is, from what it last said and how long ago that was. Pure.</summary>
/// <remarks>
/// The age is measured by whoever listens, with a steady clock: a clock of day that is set back makes nothing younger. Silence counts by the interval
/// that the node was told, so that a node that is asked to call every five minutes is not stale after fifteen seconds.
/// </remarks>
public static class NodeHealthRules
{
    /// <param name="age">Since the last accepted check-in; null: none since the listener began. Negative: proves nothing, and counts as stale.</param>
    /// <param name="interval">That the node was told to call at; zero: not told.</param>
    public static NodeHealth Judge(NodeReport? report, TimeSpan? age, TimeSpan interval)
    {
        if (report is null || age is not { } silence) return NodeHealth.Unknown;
        if (silence < TimeSpan.Zero || silence > StaleAfter(interval)) return NodeHealth.Stale;
        return IsWrong(report) ? NodeHealth.Unhealthy : NodeHealth.Healthy;
    }

    public static TimeSpan StaleAfter(TimeSpan interval)
    {
        var missed = interval * Limits.CheckInStaleIntervals;
        return missed > Limits.NodeStaleAfter ? missed : Limits.NodeStaleAfter;
    }

    private static bool IsWrong(NodeReport report) => report.Problems.Count > 0 || report.Versions.Any(v => v.Stage == NodeVersionStage.Failed);
}
