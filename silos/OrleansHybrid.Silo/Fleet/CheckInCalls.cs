using System.Collections.Concurrent;
using Grpc.Core;
using OrleansHybrid.Contracts;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Grains.Nodes;
using OrleansHybrid.Links.Fleet;
using OrleansHybrid.Links.Protocol.Fleet;
using OrleansHybrid.Silo.Settings;
using Verdict = OrleansHybrid.Links.Protocol.Fleet.CheckInResponse.Types.Verdict;

namespace OrleansHybrid.Silo.Fleet;

/// <summary>Check-ins of nodes and regions. Who calls is told by the credential, never by the message.</summary>
internal sealed class CheckInCalls(CheckInBatcher batcher, FleetTrustRing ring, IGrainFactory grains, CellSettings cell, FleetAudit audit, RevisionWatch revisions, NodeRefusals refusals, IServiceProvider services)
{
    /// <summary>Copies that were written down already: each calls again and again.</summary>
    private const int RefusedBootsMax = 1000;

    private readonly ConcurrentDictionary<string, bool> refused = new(StringComparer.Ordinal);
    private readonly IDocumentSource? documents = services.GetService<IDocumentSource>();

    public async Task<CheckInResponse> CheckInAsync(CheckInRequest request, ServerCallContext context)
    {
        var caller = FleetCaller.Of(context);
        if (request.Boot.Length is 0 or > Limits.NodeNameCharsMax) throw FleetStatus.Bad($"boot: expected 1 to {Limits.NodeNameCharsMax} characters, random at each start of the process.");
        var instance = NodeInstance.Parse(request.Boot, request.PreviousBoot);
        if (instance.Previous.Count > Limits.InstancePreviousMax) throw FleetStatus.Bad($"previous_boot: at most {Limits.InstancePreviousMax} runs are named.");
        var outcome = caller.Kind == NodeCallerKind.Node
            ? await NodeAsync(request, caller.Node, instance, context.CancellationToken)
            : await RegionAsync(request, caller.Node, instance, context.CancellationToken);
        await NoteAsync(outcome, caller, request, context.CancellationToken);
        return Answer(outcome);
    }

    private async Task<CheckInOutcome> NodeAsync(CheckInRequest request, string node, NodeInstance instance, CancellationToken cancellationToken)
    {
        if (request.Region is not null) throw FleetStatus.Bad("This credential is a node's; it reports as a node.");
        var key = new NodeKey(cell.Cell, node);
        var report = request.Node is null ? null : NodeMessages.Read(request.Node, key, request.Epoch, request.Sequence, request.DocumentsRevision);
        if (report is not null && NodeReportRules.WrongWith(report) is { } wrong) throw FleetStatus.Bad(wrong);
        var checkIn = new NodeCheckIn(key, instance, request.Epoch, request.Sequence, request.DocumentsRevision, report, request.UnchangedSince);
        var (outcome, failure) = await batcher.CheckInAsync(checkIn, cancellationToken);
        if (outcome?.Verdict == CheckInVerdict.Accepted && report is not null) await refusals.NoteAsync(report, cancellationToken);
        return outcome ?? throw FleetStatus.Of(failure!);
    }

    private async Task<CheckInOutcome> RegionAsync(CheckInRequest request, string named, NodeInstance instance, CancellationToken cancellationToken)
    {
        if (request.Node is not null) throw FleetStatus.Bad("This credential is a region's; it reports as a region.");
        var region = named.Length > 0 ? named : request.Region?.Region ?? "";
        if (region.Length == 0) throw FleetStatus.Bad("region: a cell that calls with the link key names itself in each report.");
        if (RegionRevocationRules.IsRevoked(ring.Current, region)) throw FleetStatus.Of(new InferenceFailure(FailureCode.Forbidden, $"The region '{region}' was revoked here. An operator lets it in again with a join token of kind region (POST /v1/join-tokens)."));
        await KnowAsync(region, cancellationToken);
        var (report, wrong) = request.Region is null ? (null, "") : RegionMessages.Read(request.Region, region);
        if (wrong.Length > 0) throw FleetStatus.Bad(wrong);
        var checkIn = new RegionCheckIn(region, "", instance, request.Epoch, request.Sequence, request.DocumentsRevision, report, request.UnchangedSince);
        var outcome = await grains.GetRegion(region).CheckInAsync(checkIn, cancellationToken);
        if (outcome.Verdict == CheckInVerdict.Accepted) await revisions.HeardAsync(region, request.DocumentsRevision, cancellationToken);
        return outcome;
    }

    private async Task KnowAsync(string region, CancellationToken cancellationToken)
    {
        if (ring.Current.Regions.Contains(region)) return;
        if (await grains.GetFleetTrust(cell.Cell).KnowRegionAsync(region, cancellationToken) is { } failure) throw FleetStatus.Of(failure);
        await ring.RefreshAsync(cancellationToken);
    }

    private async ValueTask NoteAsync(CheckInOutcome outcome, NodeCaller caller, CheckInRequest request, CancellationToken cancellationToken)
    {
        var subject = caller.Node.Length > 0 ? caller.Node : request.Region?.Region ?? "";
        if (outcome.Restored) await audit.AppendAsync(caller.Name, AuditVerbs.NodeRestored, subject, request.PreviousBoot, request.Boot, "The run that was known had been silent for long.", cancellationToken);
        if (outcome.Verdict != CheckInVerdict.RefusedCopy || refused.Count >= RefusedBootsMax || !refused.TryAdd(request.Boot, true)) return;
        await audit.AppendAsync(caller.Name, AuditVerbs.NodeRefused, subject, "", request.Boot, outcome.Reason, cancellationToken);
    }

    private CheckInResponse Answer(CheckInOutcome outcome) => new()
    {
        Verdict = outcome.Verdict switch
        {
            CheckInVerdict.Accepted => Verdict.Accepted,
            CheckInVerdict.OutOfOrder => Verdict.OutOfOrder,
            CheckInVerdict.ReportWanted or CheckInVerdict.TwinWanted => Verdict.ReportWanted,
            _ => throw FleetStatus.Of(new InferenceFailure(FailureCode.Forbidden, outcome.Reason)),
        },
        Epoch = outcome.Epoch,
        Sequence = outcome.Sequence,
        DocumentsRevision = documents?.Current.Revision ?? 0,
        NextMs = (long)outcome.Next.TotalMilliseconds,
    };
}
