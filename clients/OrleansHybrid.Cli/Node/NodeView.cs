using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Cli.Node;

/// <summary>The answer of <c>GET /v1/node</c>.</summary>
/// <param name="Boot">Of this run.</param>
internal sealed record NodeView(
    string Node,
    string Zone,
    string Farm,
    string Boot,
    NodeCellView Cell,
    NodeDocumentsView Documents,
    NodePolicyView Policy,
    IEnumerable<NodeVersionView> Versions,
    NodeAttributesView Attributes,
    NodeEnergyView Energy,
    IEnumerable<string> Problems)
{
    public static NodeView Of(NodeAgent agent)
    {
        var policy = agent.Client.Policy;
        return new NodeView(
            agent.Node.Name,
            Domain.Zone.Device.WireName(),
            agent.Node.Farm,
            agent.Node.Boot,
            new NodeCellView(agent.Node.Cell, agent.Link.Address, agent.Cell.Word, agent.Cell.Age?.TotalSeconds, agent.Cell.Problem),
            NodeDocumentsView.Of(agent),
            new NodePolicyView(policy.Name, policy.Revision, policy.Source.ToString().ToLowerInvariant(), policy.Age?.TotalSeconds, policy.Problem),
            agent.Versions.Select(v => new NodeVersionView(v.Model, v.Version, v.Variant, v.Bundle, v.Stage.ToString().ToLowerInvariant(), v.SinceSeconds, v.Reason)),
            NodeAttributesView.Of(NodeMachine.Describe(agent.Settings, agent.Meters.Reading)),
            NodeEnergyView.Of(agent.Meters.Energy),
            agent.Problems);
    }
}

/// <param name="State">starting, reported, unreachable or refused.</param>
/// <param name="AgeSeconds">Since the cell last took a check-in of this run; null: not yet.</param>
internal sealed record NodeCellView(string Name, string Address, string State, double? AgeSeconds, string? Problem);

/// <param name="Publishers">Public keys that are trusted here.</param>
/// <param name="Refused">Lately, the last first.</param>
internal sealed record NodeDocumentsView(long Revision, int Publishers, IEnumerable<NodeDocumentView> Held, IEnumerable<RefusedDocument> Refused)
{
    public static NodeDocumentsView Of(NodeAgent agent)
    {
        var set = agent.Documents.Current;
        return new NodeDocumentsView(set.Revision, agent.Documents.Publishers.Count, set.Documents.Select(d => NodeDocumentView.Of(DocumentAlarms.AgeOf(d.Header, agent.Now))), agent.Documents.Refused);
    }
}

/// <param name="AgeSeconds">Since it was signed, by this box's clock.</param>
internal sealed record NodeDocumentView(string Document, long Revision, double AgeSeconds, DateTimeOffset Expires, string Freshness)
{
    public static NodeDocumentView Of(DocumentAge age) =>
        new(age.Header.Key.ToString(), age.Header.Revision, age.Age.TotalSeconds, age.Header.Expires, age.Freshness switch { DocumentFreshness.Fresh => "fresh", DocumentFreshness.ExpiresSoon => "expires-soon", _ => "expired" });
}

internal sealed record NodePolicyView(string Name, long Revision, string Source, double? AgeSeconds, string? Problem);

/// <param name="Bundle">Empty: of a local folder.</param>
internal sealed record NodeVersionView(string Model, int Version, string Variant, string Bundle, string Stage, long SinceSeconds, string Reason);

internal sealed record NodeAttributesView(
    IReadOnlyDictionary<string, string> Labels, long? ModelMemoryBytes, IReadOnlyList<string> ExecutionProviders, string RuntimeVersion, string Software, string Platform, int? BatteryPercent, int? TemperatureC, bool MeteredLink)
{
    public static NodeAttributesView Of(NodeAttributes a) =>
        new(a.Labels, a.ModelMemoryBytes == 0 ? null : a.ModelMemoryBytes, a.ExecutionProviders, a.RuntimeVersion, a.Software, a.Platform, a.BatteryPercent, a.TemperatureC, a.MeteredLink);
}

/// <summary>What 1,000 answers cost: figures, or the word <c>unmeasured</c>.</summary>
internal sealed record NodeEnergyView(long? Answers, object BatteryPercentPer1000, object JoulesPer1000, object TemperatureC)
{
    private const string Unmeasured = "unmeasured";

    public static NodeEnergyView Of(NodeEnergy? energy) =>
        new(energy?.Answers, Or(energy?.BatteryPercentPer1000), Or(energy?.JoulesPer1000), Or(energy?.TemperatureC));

    private static object Or(double? figure) => figure is { } known ? known : Unmeasured;
}
