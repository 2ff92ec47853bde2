namespace OrleansHybrid.Domain.Nodes;

/// <summary>What is known of a node: its last accepted report and when it arrived.</summary>
[GenerateSerializer, Immutable, Alias("hybrid.node-twin")]
public sealed record NodeTwin([property: Id(0)] NodeReport Report, [property: Id(1)] DateTimeOffset LastSeen);

/// <summary>The answer to a report.</summary>
/// <param name="Accepted">False: a later report is known already.</param>
/// <param name="Epoch">The epoch of the report now known. Higher than the sender's when its clock went back between two starts: it goes on from there.</param>
[GenerateSerializer, Immutable, Alias("hybrid.node-receipt")]
public sealed record NodeReceipt([property: Id(0)] bool Accepted, [property: Id(1)] long Epoch, [property: Id(2)] long Sequence);

/// <summary>How a twin moves. Pure.</summary>
public static class NodeTwinRules
{
    /// <summary>Takes a report unless a later one, by epoch, then sequence, is known. The same report again is refused too: it says nothing new.</summary>
    /// <param name="changed">Something that lasts differs from before: worth storing (<see cref="IsLasting"/>).</param>
    public static NodeTwin Accept(NodeTwin? twin, NodeReport report, DateTimeOffset now, out bool changed)
    {
        changed = false;
        if (twin is not null && Order(report).CompareTo(Order(twin.Report)) <= 0) return twin;
        changed = twin is null || IsLasting(twin.Report, report);
        return new NodeTwin(report, now);
    }

    /// <summary>Whether the node has something new to say, so that its report goes out whole: what lasts, a version on its way, a document that it refused, a reading.</summary>
    /// <remarks>Load figures, energy and how long a stage has lasted do not count: they change with every report. Nor does the revision of documents: each check-in says it beside the report.</remarks>
    public static bool Differs(NodeReport before, NodeReport after) =>
        IsLasting(before, after)
        || (!ReferenceEquals(before.Versions, after.Versions) && !before.Versions.Select(Lasting).SequenceEqual(after.Versions.Select(Lasting)))
        || !before.RefusedDocuments.SequenceEqual(after.RefusedDocuments)
        || Readings(before.Attributes) != Readings(after.Attributes);

    /// <summary>Whether what the node is or runs changed for good, which its twin writes down: kind, zone, start, address, size, variants and their digests, attributes, versions that serve or failed, problems.</summary>
    /// <remarks>
    /// What passes stays in the memory of the shard: documents learnt, a version on its way (it follows from the documents, and ends in one that serves or failed), and readings
    /// (battery, temperature, throttling). So a new document moves a fleet without one write a node, and a phone's battery writes nothing all day.
    /// </remarks>
    public static bool IsLasting(NodeReport before, NodeReport after) =>
        before.Epoch != after.Epoch
        || before.Kind != after.Kind
        || before.Zone != after.Zone
        || before.Cores != after.Cores
        || before.MemoryBytes != after.MemoryBytes
        || before.InferenceAddress != after.InferenceAddress
        || (!ReferenceEquals(before.Variants, after.Variants) && !before.Variants.Select(v => (v.Key, v.Digest)).SequenceEqual(after.Variants.Select(v => (v.Key, v.Digest))))
        || (!ReferenceEquals(before.Versions, after.Versions) && !before.Versions.Where(Stays).Select(Lasting).SequenceEqual(after.Versions.Where(Stays).Select(Lasting)))
        || !before.Problems.SequenceEqual(after.Problems)
        || Differ(before.Attributes, after.Attributes);

    private static bool Stays(NodeVersion version) => version.Stage is NodeVersionStage.Serving or NodeVersionStage.Failed;

    private static (int? Battery, int? Temperature, bool? Throttled) Readings(NodeAttributes? attributes) => (Step(attributes?.BatteryPercent), Step(attributes?.TemperatureC), attributes?.Throttled);

    private static NodeVersion Lasting(NodeVersion version) => version with { SinceSeconds = 0 };

    private static bool Differ(NodeAttributes? before, NodeAttributes? after)
    {
        if (before is null || after is null || ReferenceEquals(before, after)) return before != after;
        return !SameLabels(before.Labels, after.Labels) || !before.ExecutionProviders.SequenceEqual(after.ExecutionProviders) || Scalars(before) != Scalars(after);
    }

    private static bool SameLabels(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(l => other.TryGetValue(l.Key, out var value) && value == l.Value);

    /// <summary>What is left compares as a record does, without readings.</summary>
    private static NodeAttributes Scalars(NodeAttributes attributes) => attributes with
    {
        Labels = NodeAttributes.Unknown.Labels,
        ExecutionProviders = NodeAttributes.Unknown.ExecutionProviders,
        BatteryPercent = null,
        TemperatureC = null,
        Throttled = null,
    };

    private static int? Step(int? reading) => reading / Limits.NodeReadingStep * Limits.NodeReadingStep;

    private static (long, long) Order(NodeReport report) => (report.Epoch, report.Sequence);
}
