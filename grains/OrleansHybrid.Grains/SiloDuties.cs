using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansHybrid.Domain;
using OrleansHybrid.Grains.Models;
using OrleansHybrid.Grains.Nodes;
using OrleansHybrid.Grains.Routing;

namespace OrleansHybrid.Grains;

/// <summary>What a silo does without being asked, from the moment it takes calls until it stops taking them: snapshots, reports, peers, counters.</summary>
/// <remarks>Each duty is a method that can be called by itself; this class only paces them.</remarks>
public sealed class SiloDuties(
    SnapshotPublisher snapshots,
    NodeReporter reporter,
    PeerDirectory peers,
    RegionReporter region,
    VersionCounterRecorder counters,
    [FromKeyedServices(HybridClock.Key)] TimeProvider clock,
    ILogger<SiloDuties> log) : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly List<PeriodicWork> works = [];

    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(SiloDuties), ServiceLifecycleStage.Active, StartAsync, StopAsync);

    private Task StartAsync(CancellationToken cancellationToken)
    {
        Start("Publishing the snapshot", Limits.SnapshotInterval, _ => { snapshots.Publish(); return Task.CompletedTask; });
        Start("Reporting this node", Limits.NodeReportInterval, reporter.ReportWhenDueAsync);
        Start("Reading the peers' reports", Limits.NodeReportInterval, peers.RefreshAsync);
        Start("Reporting the region to the cell above", Limits.RegionReportInterval, region.ReportAsync);
        Start("Handing on the versions' counters", Limits.CounterFlushInterval, counters.FlushAsync);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        snapshots.Drain();
        await Task.WhenAll(works.Select(w => w.StopAsync()));
        try
        {
            await counters.FlushAsync(cancellationToken).WaitAsync(Limits.CounterFlushAtStopMax, TimeProvider.System, cancellationToken);
        }
        catch (Exception e)
        {
            log.LogWarning(e, "The last counters of this silo were not handed on: {Interval} of counts are lost at most.", Limits.CounterFlushInterval);
        }
    }

    private void Start(string name, TimeSpan interval, Func<CancellationToken, Task> work)
    {
        var periodic = new PeriodicWork(name, interval, work, clock, log);
        works.Add(periodic);
        periodic.Start();
    }
}
