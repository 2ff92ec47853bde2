using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansHybrid.Contracts;
using OrleansHybrid.Contracts.Nodes;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Grains.Nodes;

/// <summary>Reports this cell to the one above, when it is this silo's turn: counts of its nodes, its link, and totals of its versions.</summary>
/// <remarks>A cut link is a pause. Totals are whole sums since their epoch, so a report that is lost or comes twice changes nothing above.</remarks>
public sealed class RegionReporter(
    HybridGrainsOptions options, IRegionUplink uplink, IModelRepository repository, IDesiredStateSource desired, IGrainFactory grains, [FromKeyedServices(HybridClock.Key)] TimeProvider clock, ILogger<RegionReporter> log)
{
    private readonly FirstContact above = new(clock);
    private string complaint = "";

    public async Task ReportAsync(CancellationToken cancellationToken)
    {
        if (!uplink.IsOpen) return;
        var turns = grains.GetUplink(options.Cell);
        if (await turns.TakeTurnAsync(options.Node, cancellationToken) is not { } turn) return;
        var report = await DescribeAsync(cancellationToken);
        var answer = await uplink.ReportAsync(new RegionCheckIn(options.Cell, "", turn.Instance, turn.Epoch, turn.Sequence, desired.Revision, report, 0), cancellationToken);
        Complain(answer.Failure?.Message ?? "");
        if (answer.Outcome is { Verdict: CheckInVerdict.Accepted or CheckInVerdict.OutOfOrder } outcome)
        {
            await turns.AnsweredAsync(turn.Instance.Boot, outcome.Epoch, outcome.Sequence, cancellationToken);
        }
    }

    /// <summary>Each complaint once: it may come back with every report.</summary>
    private void Complain(string message)
    {
        if (message.Length == 0) above.Heard();
        else if (above.IsAwaited) return;
        if (message.Length > 0 && message != complaint) log.LogWarning("The cell above did not take the region's report: {Message}", message);
        complaint = message;
    }

    private async Task<RegionReport> DescribeAsync(CancellationToken cancellationToken)
    {
        var counts = grains.CountNodesAsync(cancellationToken);
        var totals = await Task.WhenAll(Versions().Select(v => TotalAsync(v, cancellationToken)));
        return new RegionReport(options.Cell, options.Zone, await counts, uplink.Link, [.. totals.Where(t => t.Requests > 0)], uplink.ExpiredDocuments);
    }

    private IEnumerable<ModelVersionKey> Versions() =>
        repository.State.Models.Values.SelectMany(m => m.Versions.Select(v => new ModelVersionKey(m.Name, v.Version))).Take(Limits.RegionTotalsMax);

    /// <summary>The epoch is the start of the version's counters: a store that forgot begins another one.</summary>
    private async Task<VersionTotal> TotalAsync(ModelVersionKey version, CancellationToken cancellationToken)
    {
        var counters = (await grains.GetModelVersion(version).GetAsync(cancellationToken)).Counters;
        return new VersionTotal(version.Model, version.Version, counters.Since.UtcTicks, counters.Requests, counters.Rows.Where(r => r.Failure is not null).Sum(r => r.Requests));
    }
}
