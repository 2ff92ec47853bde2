using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Fleet;
using OrleansHybrid.Silo.Fleet;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Nodes;

/// <summary>What a cell writes down of its nodes' refusals: each once, bounded, and no kind at the cost of the other.</summary>
public sealed class NodeRefusalsTests
{
    private static readonly NodeReport Nothing = new(new NodeKey("c", "box"), NodeKind.Device, Zone.Device, 1, 1, "", [], 1, 1);
    private static readonly RefusedDocument Old = new("catalogue/m", "sha256:a", 7, "OldRevision: an older one never comes back.");
    private readonly RecordingAudit audit = new();
    private readonly NodeRefusals refusals;

    public NodeRefusalsTests() => refusals = new NodeRefusals(new FleetAudit(new ServiceCollection().AddSingleton<IAuditLog>(audit).BuildServiceProvider()));

    [Fact]
    public async Task Refused_document_is_written_once_for_its_bytes_and_its_reason()
    {
        for (var i = 0; i < 2; i++) await NoteAsync(Old);
        await NoteAsync(Old with { Digest = "sha256:b" });
        await NoteAsync(Old with { Reason = "Conflict: with other content." });
        await NoteAsync(Old with { Reason = "something that is no refusal" });

        Assert.Equal(3, audit.Changes.Count);
        Assert.Equal(new AuditChange("node box", AuditVerbs.DocumentRefused, "catalogue/m", "revision 7", "revision 7", Old.Reason), audit.Changes[0]);
    }

    [Fact]
    public async Task Made_up_documents_are_written_up_to_the_bound_and_hide_no_version()
    {
        for (var i = 0; i < Limits.NodeRefusalsMax + 5; i++) await NoteAsync(Old with { Digest = $"sha256:{i}" });
        await refusals.NoteAsync(Nothing with { Versions = [new NodeVersion("m", 2, "tiny", "", NodeVersionStage.Failed, 0, "AlteredFile: expected the content.")] }, CancellationToken.None);
        await refusals.NoteAsync(Nothing with { Key = new NodeKey("c", "other"), RefusedDocuments = [Old] }, CancellationToken.None);

        Assert.Equal(Limits.NodeRefusalsMax + 1, audit.Changes.Count(c => c.What == AuditVerbs.DocumentRefused));
        Assert.Equal("m@2", Assert.Single(audit.Changes, c => c.What == AuditVerbs.VersionRefused).Subject);
    }

    [Fact]
    public void Report_carries_refused_documents_and_one_without_the_field_has_none()
    {
        var told = Nothing with { RefusedDocuments = [Old] };
        var sent = NodeMessages.Of(new CheckInMessage(new NodeInstance("boot", []), 1, 1, 0, told, null, 0)).Node;

        Assert.Equal(told.RefusedDocuments, NodeMessages.Read(sent, told.Key, 1, 1, 0).RefusedDocuments);
        sent.RefusedDocuments.Clear();
        Assert.Empty(NodeMessages.Read(global::OrleansHybrid.Links.Protocol.Fleet.NodeReport.Parser.ParseFrom(sent.ToByteString()), told.Key, 1, 1, 0).RefusedDocuments);
    }

    [Fact]
    public void Report_with_too_many_or_too_long_refusals_is_refused()
    {
        Assert.Null(NodeReportRules.WrongWith(Nothing with { RefusedDocuments = [.. Enumerable.Repeat(Old, Limits.NodeRefusedDocumentsMax)] }));
        Assert.Contains("refused documents; at most", NodeReportRules.WrongWith(Nothing with { RefusedDocuments = [.. Enumerable.Repeat(Old, Limits.NodeRefusedDocumentsMax + 1)] }), StringComparison.Ordinal);
        Assert.Contains("refused document of the report", NodeReportRules.WrongWith(Nothing with { RefusedDocuments = [Old with { Reason = new string('x', Limits.NodeTextCharsMax + 1) }] }), StringComparison.Ordinal);
    }

    private ValueTask NoteAsync(RefusedDocument document) => refusals.NoteAsync(Nothing with { RefusedDocuments = [document] }, CancellationToken.None);
}
