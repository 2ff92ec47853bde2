namespace OrleansHybrid.Domain.Nodes;

/// <summary>What a shard knows of one node, in memory alone.</summary>
/// <param name="Boot">Of the run that was let in.</param>
/// <param name="Sequence">Of its last check-in.</param>
/// <param name="ReportSequence">Of its last whole report: what "unchanged" refers to.</param>
/// <param name="HeardAt">The last check-in, on the shard's steady time line.</param>
/// <param name="ReportedAt">The last whole report, on the same line.</param>
/// <param name="Interval">That it was told to call at; zero: not told.</param>
public sealed record ShardNode(NodeReport Report, string Boot, long Epoch, long Sequence, long ReportSequence, TimeSpan HeardAt, TimeSpan ReportedAt, TimeSpan Interval, DateTimeOffset LastSeen, IReadOnlyList<SkewSince> Skew)
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
    public static CheckInVerdict Judge(ShardNode? known, NodeCheckIn checkIn)
    {
        if (checkIn is { Judged: true, Report: not null }) return CheckInVerdict.Accepted;
        if (known is null || known.Boot != checkIn.Instance.Boot) return checkIn.Report is null ? CheckInVerdict.ReportWanted : CheckInVerdict.TwinWanted;
        if ((checkIn.Epoch, checkIn.Sequence).CompareTo((known.Epoch, known.Sequence)) <= 0) return CheckInVerdict.OutOfOrder;
        if (checkIn.Report is null) return checkIn.UnchangedSince == known.ReportSequence && checkIn.Epoch == known.Epoch ? CheckInVerdict.Accepted : CheckInVerdict.ReportWanted;
        return NodeTwinRules.IsLasting(known.Report, NodeLabels.Over(known.Labels, checkIn.Report)) ? CheckInVerdict.TwinWanted : CheckInVerdict.Accepted;
    }

    /// <summary>The node after an accepted check-in. A judged one that a later check-in overtook changes nothing but the time.</summary>
    public static ShardNode Accept(ShardNode? known, NodeCheckIn checkIn, TimeSpan now, DateTimeOffset utc, TimeSpan interval)
    {
        if (known is not null && known.Boot == checkIn.Instance.Boot && (checkIn.Epoch, checkIn.Sequence).CompareTo((known.Epoch, known.Sequence)) < 0) return known;
        var heard = known is null
            ? new ShardNode(checkIn.Report!, checkIn.Instance.Boot, checkIn.Epoch, checkIn.Sequence, checkIn.Sequence, now, now, interval, utc, [])
            : known with { Boot = checkIn.Instance.Boot, Epoch = checkIn.Epoch, Sequence = checkIn.Sequence, HeardAt = now, Interval = interval, LastSeen = utc };
        if (checkIn.Report is not { } report) return heard.Report.DocumentsRevision == checkIn.DocumentsRevision ? heard : heard with { Report = heard.Report with { DocumentsRevision = checkIn.DocumentsRevision } };
        var labels = checkIn.Judged ? checkIn.Labels : heard.Labels;
        return heard with { Report = NodeLabels.Over(labels, report), ReportSequence = checkIn.Sequence, ReportedAt = now, Labels = labels, LookedAt = -1 };
    }

    /// <summary>The node with its skew as it is now; asked for only when the report or the documents changed since the last look.</summary>
    public static ShardNode Look(NodeKey key, ShardNode node, IDesiredStateSource source, TimeSpan now)
    {
        if (node.LookedAt == source.Revision) return node;
        var attributes = node.Report.Attributes ?? NodeAttributes.Unknown;
        var desired = source.Of(new DesiredStateNode(key, node.Report.Zone, attributes.ModelMemoryBytes, attributes));
        return node with { LookedAt = source.Revision, Skew = SkewRules.Observe(node.Skew, desired, node.Report.Versions, now) };
    }

    public static NodeStatus StatusOf(NodeKey key, ShardNode? known, TimeSpan now)
    {
        if (known is null) return new NodeStatus(key, NodeHealth.Unknown, null, null, null);
        var age = now - known.HeardAt;
        return new NodeStatus(key, NodeHealthRules.Judge(known.Report, age, known.Interval), known.Report, known.LastSeen, age)
        {
            ReportAge = now - known.ReportedAt,
            Skew = [.. known.Skew.Select(s => s.At(now))],
        };
    }
}
