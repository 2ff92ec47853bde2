using System.Collections.Concurrent;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;
using OrleansHybrid.Silo.Documents;

namespace OrleansHybrid.Silo.Fleet;

/// <summary>Writes down what nodes refused: a box has no audit log, so its cell keeps the entry. Each once: a version for a node and a reason, a document for a node, a reason and its bytes.</summary>
/// <remarks>
/// A node could make up as many as it likes, and somebody between the two could have it refuse as many, so they are bounded for each (<see cref="Limits.NodeRefusalsMax"/> of versions, and of
/// documents, so that neither hides the other) in one run of the silo. A silo that starts again may write one a second time: better twice than never. An entry that cannot be written refuses the
/// check-in, and the node reports again.
/// </remarks>
internal sealed class NodeRefusals(FleetAudit audit)
{
    private const int RememberedMax = 10_000;
    private readonly ConcurrentDictionary<string, bool> written = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(NodeKey Node, string Verb), int> counts = new();

    public async ValueTask NoteAsync(NodeReport report, CancellationToken cancellationToken)
    {
        foreach (var version in report.Versions.Where(v => v.Stage == NodeVersionStage.Failed))
        {
            if (BundleProblem.Read(version.Reason) is not { } problem) continue;
            var subject = new ModelVersionKey(version.Model, version.Version).ToString();
            await WriteAsync(report.Key, new AuditChange(Who(report), AuditVerbs.VersionRefused, subject, "", version.Bundle, problem.ToString()), problem.Refusal.ToString(), cancellationToken);
        }

        foreach (var document in report.RefusedDocuments)
        {
            if (BundleProblem.Read(document.Reason) is not { } problem) continue;
            var holding = DocumentTold.Revision(document.HoldingRevision);
            await WriteAsync(report.Key, new AuditChange(Who(report), AuditVerbs.DocumentRefused, document.Document, holding, holding, problem.ToString()), $"{problem.Refusal} {document.Digest}", cancellationToken);
        }
    }

    /// <param name="what">With the node, the verb and the subject: what is written once.</param>
    private async ValueTask WriteAsync(NodeKey node, AuditChange change, string what, CancellationToken cancellationToken)
    {
        var once = $"{node} {change.What} {change.Subject} {what}";
        if (written.ContainsKey(once) || counts.GetValueOrDefault((node, change.What)) >= Limits.NodeRefusalsMax) return;
        await audit.AppendAsync(change.Who, change.What, change.Subject, change.From, change.To, change.Why, cancellationToken);
        if (written.Count >= RememberedMax) written.Clear();
        written[once] = true;
        counts.AddOrUpdate((node, change.What), 1, static (_, count) => count + 1);
    }

    private static string Who(NodeReport report) => $"node {report.Key.Node}";
}
