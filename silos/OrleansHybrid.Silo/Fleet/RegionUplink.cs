using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Grains;
using OrleansHybrid.Links.Fleet;
using OrleansHybrid.Links.Upstreams;

namespace OrleansHybrid.Silo.Fleet;

/// <summary>This cell's reports to the one above, over the fleet protocol. A link that is cut for a trial carries none.</summary>
internal sealed class RegionUplink(FleetClient client, UpstreamDirectory links, IDocumentSource documents, [FromKeyedServices(HybridClock.Key)] TimeProvider clock) : IRegionUplink
{
    public bool IsOpen => links.Above is { } above && above.State.Health != LinkHealth.Cut;

    public RegionLink Link => links.Above is { State: var state }
        ? new RegionLink(state.Health.ToString().ToLowerInvariant(), state.RoundTripMsP95, state.Loss, Math.Max(0, (long)(clock.GetUtcNow() - state.Since).TotalSeconds))
        : new RegionLink("unknown", 0, 0, 0);

    public IReadOnlyList<string> ExpiredDocuments =>
        [.. DocumentAlarms.Of(documents.Current, clock.GetUtcNow()).Where(a => a.Freshness == DocumentFreshness.Expired).Select(a => a.Header.Key.ToString())];

    public async ValueTask<RegionAnswer> ReportAsync(RegionCheckIn checkIn, CancellationToken cancellationToken)
    {
        var answer = await client.CheckInAsync(
            new CheckInMessage(checkIn.Instance, checkIn.Epoch, checkIn.Sequence, checkIn.DocumentsRevision, null, checkIn.Report, checkIn.UnchangedSince), cancellationToken);
        return answer.Failure is { } failure
            ? new RegionAnswer(null, failure)
            : new RegionAnswer(new CheckInOutcome(answer.Verdict, answer.Epoch, answer.Sequence, answer.Next, default), null);
    }
}
