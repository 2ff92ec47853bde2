using Grpc.Core;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.FleetSimulator.Answers;
using OrleansHybrid.FleetSimulator.Plan;
using OrleansHybrid.Links.Fleet;

namespace OrleansHybrid.FleetSimulator.Run;

/// <summary>What the nodes of one fleet share.</summary>
/// <param name="Target">The cell's address, for messages.</param>
/// <param name="Folder">For files of nodes that fetch them.</param>
internal sealed record NodeParts(FleetScenario Scenario, FleetTime Time, TransferGate Transfers, AnswerRecording Recording, string Target, string Folder);

/// <summary>An enrolled node of the simulation: its disk, and one process after the other.</summary>
public sealed class SimulatedNode
{
    private NodeRun? run;

    internal SimulatedNode(NodePlan plan, NodeParts parts, CallInvoker calls, StoredNode identity, DocumentTrust trust, NodeTally tally)
    {
        (Plan, Parts, Calls, Trust, Tally) = (plan, parts, calls, trust, tally);
        Clock = new NodeClock(parts.Time.Clock, plan.Clock);
        Disk = new NodeDisk(identity);
        Answers = new NodeAnswers(parts.Recording, parts.Scenario.AnswersPerMinute, new Random(plan.Seed), parts.Time.Clock);
        BundleFolder = plan.FetchesBlobs ? Path.Combine(parts.Folder, plan.Name, "bundles") : null;
    }

    public NodePlan Plan { get; }

    public NodeTally Tally { get; }

    public NodeAnswers Answers { get; }

    /// <summary>The revision of documents that the cell knows this node acts by: that of its last answered check-in.</summary>
    public long ToldRevision { get; internal set; }

    /// <summary>As it reports them now.</summary>
    public IReadOnlyList<NodeVersion> Versions => run?.Versions ?? [];

    internal NodeParts Parts { get; }

    internal CallInvoker Calls { get; }

    internal DocumentTrust Trust { get; }

    internal NodeDisk Disk { get; }

    internal TimeProvider Clock { get; }

    internal string? BundleFolder { get; }

    internal string? ServedGraph => Disk.Served.Values.FirstOrDefault()?.FileDigest;

    public bool Serves(string model, int version) => Versions.Any(v => v.Model == model && v.Version == version && v.Stage == NodeVersionStage.Serving);

    /// <summary>One check-in outside the node's own pace. Not while <see cref="RunAsync"/> runs.</summary>
    public Task CheckInAsync(CancellationToken cancellationToken) => (run ??= NodeRun.Begin(this)).CheckInAsync(cancellationToken);

    /// <summary>Life after life, until it is stopped.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            using var life = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var current = run = NodeRun.Begin(this);
            using var death = NextDeath() is { } left ? Parts.Time.Clock.CreateTimer(static l => ((CancellationTokenSource)l!).Cancel(), life, left, Timeout.InfiniteTimeSpan) : null;
            try
            {
                await current.RunAsync(life.Token);
            }
            catch (Exception ended) when (ended is NodeDiedException or OperationCanceledException)
            {
                // Its process is gone; what it had on disk is not.
            }

            if (cancellationToken.IsCancellationRequested) return;
            Tally.Died();
            await Task.Delay(Plan.Faults.Down, Parts.Time.Clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private TimeSpan? NextDeath()
    {
        var now = Parts.Time.Elapsed;
        foreach (var death in Plan.Faults.Deaths)
        {
            if (death > now) return death - now;
        }

        return null;
    }
}
