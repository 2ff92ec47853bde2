using System.Text.Json.Nodes;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.FleetSimulator.Answers;
using OrleansHybrid.FleetSimulator.Plan;
using OrleansHybrid.FleetSimulator.Run;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Simulation;

/// <summary>Whatever goes wrong between nodes and their cell, each ends at the revision that holds, and nothing is counted twice.</summary>
public sealed class FleetFaultTests
{
    private const int Count = 40;

    /// <summary>Of calls, and of their answers: far beyond a bad link, so that each node meets some.</summary>
    private const double Loss = 0.15;

    private static readonly FleetScenario Scenario = new()
    {
        Seed = 20261125, Nodes = Count, Kinds = new Dictionary<string, int> { ["kiosk"] = 3, ["phone"] = 1 }, Horizon = TimeSpan.FromSeconds(10), CutShare = 0.5, CutMax = TimeSpan.FromSeconds(4), WrongClockShare = 0.4,
        DeathShare = 0.5, DownMax = TimeSpan.FromSeconds(2), DeathInTransferShare = 0.3, SlowDiskShare = 0.2, RepeatShare = 0.5, FetchesBlobs = 4, AnswersPerMinute = 600,
    };

    [Fact]
    public async Task Lost_answers_cut_links_restarts_and_wrong_clocks_leave_every_node_at_the_right_revision_and_nothing_counted_twice()
    {
        var recording = await AnswerRecording.MakeAsync(RepositoryRoot.SampleModels, Clips.Model, 1, [.. LabelledClips.Read(Path.Combine(RepositoryRoot.SampleModels, "clips")).Take(20)], CancellationToken.None);
        await using var cell = await SimulatorCell.StartAsync();
        await cell.PublishAsync(1);
        var plan = FleetPlanner.Of(Scenario);
        await using var fleet = await cell.EnrolAsync(plan with { Nodes = [.. plan.Nodes.Select(n => n with { Link = n.Link with { Loss = Loss, BytesPerSecond = 2_000_000 } })] }, recording);
        fleet.Start();
        await Wait.Until(() => fleet.Nodes.Count(n => n.Serves(Clips.Model, 1)) >= Count / 2, "half of the nodes to serve version 1");

        var revision = await cell.PublishAsync(2);

        await Wait.Until(() => fleet.Time.Elapsed > Scenario.Horizon + Scenario.CutMax + Scenario.DownMax, "the last planned fault to be over");
        await Wait.Until(() => fleet.Nodes.All(n => n.ToldRevision == revision && n.Serves(Clips.Model, 2) && !n.Serves(Clips.Model, 1)), "every node to serve version 2 alone");
        IReadOnlyList<JsonNode> listed = [];
        await Wait.Until(async () => (listed = await cell.Desk.NodesAsync("kind=device&stage=serving&model=keyword&version=2", rows: 15)).Count == Count, "the cell to list every node as serving version 2");
        AssertCountedOnce(fleet, listed, revision);
        AssertFaultsHappened(fleet);
        AssertFastClocksAreTold(fleet, listed);
        AssertAnswersAreRecorded(fleet, recording);
    }

    private static void AssertCountedOnce(SimulatedFleet fleet, IReadOnlyList<JsonNode> listed, long revision)
    {
        Assert.Equal(fleet.Nodes.Select(n => n.Plan.Name).Order(StringComparer.Ordinal), listed.Select(n => (string)n["node"]!).Order(StringComparer.Ordinal));
        Assert.All(listed, n => Assert.Equal(revision, (long)n["documents_revision"]!));
        Assert.Equal(0, fleet.Nodes.Sum(n => n.Tally.RepeatsTaken));
        var own = fleet.Nodes.ToDictionary(n => n.Plan.Name, n => n.Answers.Count);
        Assert.All(listed, n => Assert.InRange((long?)n["energy"]!["answers"] ?? 0, 0, own[(string)n["node"]!]));
    }

    /// <summary>A test of faults that did not occur would hold for nothing.</summary>
    private static void AssertFaultsHappened(SimulatedFleet fleet)
    {
        Assert.InRange(fleet.Nodes.Sum(n => n.Tally.Repeated), 1, long.MaxValue);
        Assert.InRange(fleet.Nodes.Sum(n => n.Tally.Deaths), 10, long.MaxValue);
        Assert.InRange(fleet.Nodes.Count(n => n.Tally.FailedCheckIns > 0), Count / 2, Count);
        Assert.Contains(fleet.Nodes, n => Math.Abs(n.Plan.Clock.Offset.TotalDays) > 300);
        Assert.All(fleet.Nodes.Take(Scenario.FetchesBlobs), n => Assert.InRange(n.Tally.BytesFetched, 1, long.MaxValue));
    }

    /// <summary>For a clock that is a year ahead the documents expired: the node says so, and goes on with them.</summary>
    private static void AssertFastClocksAreTold(SimulatedFleet fleet, IReadOnlyList<JsonNode> listed) => Assert.Equal(
        fleet.Nodes.Where(n => n.Plan.Clock.Offset > TimeSpan.FromDays(300)).Select(n => n.Plan.Name).Order(StringComparer.Ordinal),
        listed.Where(n => n["problems"]!.AsArray().Any(p => ((string)p!).Contains("expired", StringComparison.Ordinal))).Select(n => (string)n["node"]!).Order(StringComparer.Ordinal));

    private static void AssertAnswersAreRecorded(SimulatedFleet fleet, AnswerRecording recording)
    {
        var labels = recording.ByGraph.Values.SelectMany(v => v.Answers).Select(a => a.Label).ToHashSet(StringComparer.Ordinal);
        Assert.All(fleet.Nodes, n => Assert.Subset(labels, n.Answers.ByLabel.Keys.ToHashSet(StringComparer.Ordinal)));
        Assert.All(fleet.Nodes, n => Assert.Equal(n.Answers.Count, n.Answers.ByLabel.Values.Sum()));
        Assert.InRange(fleet.Nodes.Sum(n => n.Answers.Count), 1, long.MaxValue);
    }
}
