namespace OrleansHybrid.Domain.Nodes;

/// <summary>What a shard knows of one node, in memory alone: what seldom changes, and what changes with each check-in.</summary>
/// <remarks>A value, so that a check-in that tells nothing new leaves no object behind: with thousands of nodes, each would be carried on by the garbage collector until the node's next one.</remarks>
/// <param name="Sequence">Of its last check-in.</param>
/// <param name="HeardAt">The last check-in, on the shard's steady time line.</param>
/// <param name="Interval">That it was told to call at; zero: not told.</param>
/// <param name="LastSeen">The last check-in, by the cell's clock.</param>
public readonly record struct ShardNode(ShardFacts Facts, long Sequence, TimeSpan HeardAt, TimeSpan Interval, DateTimeOffset LastSeen);

/// <summary>What a node told in its last whole report, and what follows from it.</summary>
/// <param name="Boot">Of the run that was let in.</param>
/// <param name="ReportSequence">Of its last whole report: what "unchanged" refers to.</param>
/// <param name="ReportedAt">The last whole report, on the shard's steady time line.</param>
public sealed record ShardFacts(NodeReport Report, string Boot, long Epoch, long ReportSequence, TimeSpan ReportedAt, IReadOnlyList<SkewSince> Skew)
{
    /// <summary>Of the node's join token.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = NodeIdentity.None.Labels;

    /// <summary>The revision of documents that <see cref="Skew"/> was looked at with; -1: look again.</summary>
    public long LookedAt { get; init; } = -1;
}

/// <summary>How a shard takes check-ins. Pure.</summary>
/// <remarks>Whatever lasts and is new to the shard (a node, a run, another version that serves) goes to the twin first, which is durable; the rest touches this memory alone.</remarks>
public static class ShardRules
{
    public static CheckInVerdict Judge(in ShardNode? known, NodeCheckIn checkIn)
    {
        if (checkIn is { Judged: true, Report: not null }) return CheckInVerdict.Accepted;
        if (known is not { Facts: var facts } || facts.Boot != checkIn.Instance.Boot) return checkIn.Report is null ? CheckInVerdict.ReportWanted : CheckInVerdict.TwinWanted;
        if (!IsAfter(checkIn, facts.Epoch, known.Value.Sequence)) return CheckInVerdict.OutOfOrder;
        if (checkIn.Report is null) return checkIn.UnchangedSince == facts.ReportSequence && checkIn.Epoch == facts.Epoch ? CheckInVerdict.Accepted : CheckInVerdict.ReportWanted;
        return NodeTwinRules.IsLasting(facts.Report, NodeLabels.Over(facts.Labels, checkIn.Report)) ? CheckInVerdict.TwinWanted : CheckInVerdict.Accepted;
    }

    /// <summary>The node after an accepted check-in. A judged one that a later check-in overtook changes nothing but the time.</summary>
    public static ShardNode Accept(in ShardNode? known, NodeCheckIn checkIn, TimeSpan now, DateTimeOffset utc, TimeSpan interval)
    {
        if (known is { } last && last.Facts.Boot == checkIn.Instance.Boot && (checkIn.Epoch, checkIn.Sequence).CompareTo((last.Facts.Epoch, last.Sequence)) < 0) return last;
        return new ShardNode(Facts(known?.Facts, checkIn, now), checkIn.Sequence, now, interval, utc);
    }

    /// <summary>The node with its skew as it is now; asked for only when the report or the documents changed since the last look.</summary>
    public static ShardNode Look(NodeKey key, in ShardNode node, IDesiredStateSource source, TimeSpan now)
    {
        var facts = node.Facts;
        if (facts.LookedAt == source.Revision) return node;
        var attributes = facts.Report.Attributes ?? NodeAttributes.Unknown;
        var desired = source.Of(new DesiredStateNode(key, facts.Report.Zone, attributes.ModelMemoryBytes, attributes));
        return node with { Facts = facts with { LookedAt = source.Revision, Skew = SkewRules.Observe(facts.Skew, desired, facts.Report.Versions, now) } };
    }

    public static NodeStatus StatusOf(NodeKey key, in ShardNode? known, TimeSpan now)
    {
        if (known is not { Facts: var facts } node) return new NodeStatus(key, NodeHealth.Unknown, null, null, null);
        var age = now - node.HeardAt;
        return new NodeStatus(key, NodeHealthRules.Judge(facts.Report, age, node.Interval), facts.Report, node.LastSeen, age)
        {
            ReportAge = now - facts.ReportedAt,
            Skew = [.. facts.Skew.Select(s => s.At(now))],
        };
    }

    /// <summary>The same object when the check-in tells nothing new.</summary>
    private static ShardFacts Facts(ShardFacts? known, NodeCheckIn checkIn, TimeSpan now)
    {
        if (checkIn.Report is { } report)
        {
            var labels = checkIn.Judged ? checkIn.Labels : known?.Labels ?? NodeIdentity.None.Labels;
            return new ShardFacts(NodeLabels.Over(labels, report), checkIn.Instance.Boot, checkIn.Epoch, checkIn.Sequence, now, known?.Skew ?? []) { Labels = labels };
        }

        if (known!.Report.DocumentsRevision == checkIn.DocumentsRevision) return known;
        return known with { Report = known.Report with { DocumentsRevision = checkIn.DocumentsRevision } };
    }

    private static bool IsAfter(NodeCheckIn checkIn, long epoch, long sequence) => (checkIn.Epoch, checkIn.Sequence).CompareTo((epoch, sequence)) > 0;
}
