using System.Collections.Concurrent;
using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Audit;
using OrleansHybrid.Domain.Bundles;
using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Silo.Fleet;

/// <summary>Writes down what nodes refused: a box has no audit log, so its cell keeps the entry. Each once for a node, a version and a reason.</summary>
/// <remarks>A node could make up as many as it likes, so they are bounded for each (<see cref="Limits.NodeRefusalsMax"/>) in one run of the silo. A silo that starts again may write one a second time: better twice than never. An entry that cannot be written refuses the check-in, and the node reports again.</remarks>
internal sealed class NodeRefusals(FleetAudit audit)
{
    private const int RememberedMax = 10_000;
    private readonly ConcurrentDictionary<string, bool> written = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> byNode = new(StringComparer.Ordinal);

    public async ValueTask NoteAsync(NodeReport report, CancellationToken cancellationToken)
    {
        foreach (var version in report.Versions.Where(v => v.Stage == NodeVersionStage.Failed))
        {
            if (BundleProblem.Read(version.Reason) is not { } problem) continue;
            var subject = new ModelVersionKey(version.Model, version.Version).ToString();
            var once = $"{report.Key} {subject} {problem.Refusal}";
            if (written.ContainsKey(once)) continue;
            if (byNode.GetValueOrDefault(report.Key.Node) >= Limits.NodeRefusalsMax) return;
            await audit.AppendAsync($"node {report.Key.Node}", AuditVerbs.VersionRefused, subject, "", version.Bundle, problem.ToString(), cancellationToken);
            if (written.Count >= RememberedMax) written.Clear();
            written[once] = true;
            byNode.AddOrUpdate(report.Key.Node, 1, static (_, count) => count + 1);
        }
    }
}
