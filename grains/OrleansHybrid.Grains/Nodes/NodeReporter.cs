using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Grains.Routing;

namespace OrleansHybrid.Grains.Nodes;

/// <summary>Enrols this silo as a node of its own cell and tells what it runs: at once when something changed, else at every heartbeat.</summary>
public sealed class NodeReporter(
    HybridGrainsOptions options,
    IInferenceEngine engine,
    IModelRepository repository,
    ISnapshotSource snapshots,
    CheckInBatcher checkIns,
    IDesiredStateSource desired,
    IManagedVersions managed,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock)
{
    /// <summary>A silo is told from others by its membership, so that its starts need no telling apart here.</summary>
    private static readonly NodeInstance Instance = new("silo", []);

    private readonly VersionStages stages = new(repository, managed, clock);
    private readonly NodeKey key = new(options.Cell, options.Node);
    private readonly SemaphoreSlim reporting = new(1);
    private readonly long memoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    private long epoch = clock.GetUtcNow().ToUnixTimeMilliseconds();
    private long sequence;
    private NodeReport? reported;
    private long reportedAt;

    /// <summary>Reports if something changed or the heartbeat is due. Returns whether it reported.</summary>
    public async Task<bool> ReportWhenDueAsync(CancellationToken cancellationToken)
    {
        await reporting.WaitAsync(cancellationToken);
        try
        {
            var report = Describe();
            if (!IsDue(report)) return false;
            await ReportAsync(report, cancellationToken);
            (reported, reportedAt) = (report, clock.GetTimestamp());
            return true;
        }
        finally
        {
            reporting.Release();
        }
    }

    private bool IsDue(NodeReport report) =>
        reported is null
        || NodeTwinRules.Differs(reported, report)
        || !reported.Variants.SequenceEqual(report.Variants)
        || clock.GetElapsedTime(reportedAt) >= Limits.NodeHeartbeatInterval;

    /// <summary>An outcome with a later epoch means that the clock went back since the last start: the numbering goes on above.</summary>
    private async Task ReportAsync(NodeReport report, CancellationToken cancellationToken)
    {
        var checkIn = new NodeCheckIn(key, Instance, report.Epoch, report.Sequence, desired.Revision, report, 0);
        var (outcome, failure) = await checkIns.CheckInAsync(checkIn, cancellationToken);
        if (outcome is null) throw new InvalidOperationException(failure!.Message);
        if (outcome.Verdict == CheckInVerdict.OutOfOrder && outcome.Epoch > report.Epoch)
        {
            epoch = outcome.Epoch + 1;
            await ReportAsync(report with { Epoch = epoch }, cancellationToken);
        }
    }

    private NodeReport Describe()
    {
        var loads = snapshots.Current.Inputs.Local;
        var variants = engine.State.Variants.Values
            .Where(v => !v.Loaded.Key.IsClassifier && v.IsResident) // Peers read this as what can answer at once.
            .OrderBy(v => v.Loaded.Key.ToString(), StringComparer.Ordinal)
            .Select(v => Describe(v, loads.GetValueOrDefault(v.Loaded.Key)))
            .ToArray();
        return new NodeReport(key, NodeKind.Silo, options.Zone, epoch, ++sequence, options.InferenceAddress, variants, memoryBytes, Environment.ProcessorCount)
        {
            Attributes = options.Attributes,
            Versions = stages.Read(),
            DocumentsRevision = desired.Revision,
        };
    }

    private static NodeVariant Describe(VariantState variant, VariantLoad load) =>
        new(variant.Loaded.Key, variant.Loaded.Digest, load.QueueMsP95, load.RunMsP95, variant.Statistics.Waiting);
}
