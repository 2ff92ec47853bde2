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
    /// <param name="changed">What the node is or runs differs from before: worth storing. Load figures and the order do not count.</param>
    public static NodeTwin Accept(NodeTwin? twin, NodeReport report, DateTimeOffset now, out bool changed)
    {
        changed = false;
        if (twin is not null && Order(report).CompareTo(Order(twin.Report)) <= 0) return twin;
        changed = twin is null || Differs(twin.Report, report);
        return new NodeTwin(report, now);
    }

    /// <summary>Whether the node is or runs something else: kind, zone, start, address, size, variants and their digests, attributes, versions with their stage, problems, the documents it acts by.</summary>
    /// <remarks>Load figures, energy and how long a stage has lasted do not count: they change with every report.</remarks>
    public static bool Differs(NodeReport before, NodeReport after) =>
        before.Epoch != after.Epoch
        || before.Kind != after.Kind
        || before.Zone != after.Zone
        || before.Cores != after.Cores
        || before.MemoryBytes != after.MemoryBytes
        || before.InferenceAddress != after.InferenceAddress
        || before.DocumentsRevision != after.DocumentsRevision
        || !before.Variants.Select(v => (v.Key, v.Digest)).SequenceEqual(after.Variants.Select(v => (v.Key, v.Digest)))
        || !before.Versions.Select(Lasting).SequenceEqual(after.Versions.Select(Lasting))
        || !before.Problems.SequenceEqual(after.Problems)
        || Differ(before.Attributes, after.Attributes);

    private static NodeVersion Lasting(NodeVersion version) => version with { SinceSeconds = 0 };

    private static bool Differ(NodeAttributes? before, NodeAttributes? after)
    {
        if (before is null || after is null) return before != after;
        return !SameLabels(before.Labels, after.Labels) || !before.ExecutionProviders.SequenceEqual(after.ExecutionProviders) || Scalars(before) != Scalars(after);
    }

    private static bool SameLabels(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(l => other.TryGetValue(l.Key, out var value) && value == l.Value);

    /// <summary>What is left compares as a record does, readings in their steps.</summary>
    private static NodeAttributes Scalars(NodeAttributes attributes) => attributes with
    {
        Labels = NodeAttributes.Unknown.Labels,
        ExecutionProviders = NodeAttributes.Unknown.ExecutionProviders,
        BatteryPercent = Step(attributes.BatteryPercent),
        TemperatureC = Step(attributes.TemperatureC),
    };

    private static int? Step(int? reading) => reading / Limits.NodeReadingStep * Limits.NodeReadingStep;

    private static (long, long) Order(NodeReport report) => (report.Epoch, report.Sequence);
}
