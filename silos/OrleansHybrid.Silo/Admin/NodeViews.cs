using OrleansHybrid.Domain;
using OrleansHybrid.Domain.Nodes;

namespace OrleansHybrid.Silo.Admin;

/// <param name="Regions">At central alone, on the first page.</param>
internal sealed record NodePageView(IEnumerable<NodeView> Nodes, string? Next, RegionCountsView? Regions);

/// <param name="AgeMs">Since it was last heard, milliseconds; null: not since this cell began to listen.</param>
internal sealed record NodeView(
    string Cell,
    string Node,
    string Health,
    double? AgeMs,
    string? Kind,
    string? Zone,
    string? InferenceAddress,
    long? MemoryBytes,
    int? Cores,
    NodeAttributesView? Attributes,
    IEnumerable<NodeVersionView> Versions,
    IEnumerable<NodeVariantView> Variants,
    IEnumerable<NodeSkewView> Skew,
    IEnumerable<string> Problems,
    IEnumerable<RefusedDocumentView> RefusedDocuments,
    long? DocumentsRevision,
    NodeEnergyView Energy)
{
    /// <summary>With one node alone.</summary>
    public NodeIdentityView? Identity { get; init; }

    public static NodeView Of(NodeStatus status)
    {
        var since = status.ReportAge ?? status.Age ?? TimeSpan.Zero;
        return new NodeView(
            status.Key.Cell,
            status.Key.Node,
            status.Health.ToString().ToLowerInvariant(),
            status.Age?.TotalMilliseconds,
            status.Report?.Kind.ToString().ToLowerInvariant(),
            status.Report?.Zone.WireName(),
            status.Report?.InferenceAddress,
            status.Report?.MemoryBytes,
            status.Report?.Cores,
            status.Report?.Attributes is { } attributes ? NodeAttributesView.Of(attributes) : null,
            status.Report?.Versions.Select(v => NodeVersionView.Of(v, since)) ?? [],
            status.Report?.Variants.Select(v => new NodeVariantView(v.Key.Model, v.Key.Version, v.Key.Variant, v.Digest, v.QueueMsP95, v.RunMsP95, v.Waiting)) ?? [],
            status.Skew.Select(s => new NodeSkewView(s.Model, s.Version, s.Desired, s.Reported, s.Age.TotalMilliseconds)),
            status.Report?.Problems ?? [],
            status.Report?.RefusedDocuments?.Select(d => new RefusedDocumentView(d.Document, d.Digest, d.HoldingRevision, d.Reason)) ?? [],
            status.Report?.DocumentsRevision,
            NodeEnergyView.Of(status.Report?.Energy));
    }
}

internal sealed record NodeVariantView(string Model, int Version, string Variant, string Digest, double QueueMsP95, double RunMsP95, int Waiting);

/// <param name="Document">Its place, as far as its signature was verified; else <c>document</c>, or the file's name when it lay on the node's disk.</param>
/// <param name="HoldingRevision">Of the documents that went on holding.</param>
internal sealed record RefusedDocumentView(string Document, string Digest, long HoldingRevision, string Reason);

/// <param name="SinceSeconds">How long it has been in the stage: by the node's steady clock, counted on by the age of its report.</param>
/// <param name="Bundle">Empty: of a local folder.</param>
internal sealed record NodeVersionView(string Model, int Version, string Variant, string Bundle, string Stage, double SinceSeconds, string Reason)
{
    public static NodeVersionView Of(NodeVersion v, TimeSpan reportAge) =>
        new(v.Model, v.Version, v.Variant, v.Bundle, v.Stage.ToString().ToLowerInvariant(), v.SinceSeconds + Math.Floor(Math.Max(0, reportAge.TotalSeconds)), v.Reason);
}

/// <param name="Desired">Variant and bundle; empty: the version should not be there.</param>
/// <param name="Reported">Stage, variant and bundle; empty: nothing.</param>
/// <param name="AgeMs">How long the cell has seen the difference.</param>
internal sealed record NodeSkewView(string Model, int Version, string Desired, string Reported, double AgeMs);

internal sealed record NodeAttributesView(
    IReadOnlyDictionary<string, string> Labels, long? ModelMemoryBytes, string? Accelerator, IReadOnlyList<string> ExecutionProviders, string RuntimeVersion, string Software, string Platform, int? BatteryPercent, int? TemperatureC, bool? Throttled, bool MeteredLink)
{
    public static NodeAttributesView Of(NodeAttributes a) => new(
        a.Labels, a.ModelMemoryBytes == 0 ? null : a.ModelMemoryBytes, a.Accelerator, a.ExecutionProviders, a.RuntimeVersion, a.Software, a.Platform, a.BatteryPercent, a.TemperatureC, a.Throttled, a.MeteredLink);
}

/// <summary>What 1,000 answers cost: figures, or the word <c>unmeasured</c>.</summary>
internal sealed record NodeEnergyView(long? Answers, object BatteryPercentPer1000, object JoulesPer1000, object TemperatureC)
{
    private const string Unmeasured = "unmeasured";

    public static NodeEnergyView Of(NodeEnergy? energy) =>
        new(energy?.Answers, (object?)energy?.BatteryPercentPer1000 ?? Unmeasured, (object?)energy?.JoulesPer1000 ?? Unmeasured, (object?)energy?.TemperatureC ?? Unmeasured);
}

/// <param name="Serial">Of the credential; empty: a silo of the cell, which needs none.</param>
internal sealed record NodeIdentityView(string Serial, IReadOnlyDictionary<string, string> Labels, DateTimeOffset? EnrolledAt, DateTimeOffset? RevokedAt)
{
    public static NodeIdentityView Of(NodeIdentity identity) => new(identity.Serial, identity.Labels, identity.EnrolledAt, identity.RevokedAt);
}
