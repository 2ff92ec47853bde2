using OrleansHybrid.Domain.Documents;
using OrleansHybrid.Domain.Nodes;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Nodes;

public sealed class CheckInRuleTests
{
    private static readonly NodeKey Key = new("c", "n");
    private static readonly NodeReport Report = new(Key, NodeKind.Device, Zone.Device, 1, 1, "", [], 1, 1)
    {
        Attributes = NodeAttributes.Unknown with { BatteryPercent = 80 }, Versions = [new NodeVersion("m", 1, "tiny", "sha256:b", NodeVersionStage.Serving, 5, "")],
    };

    private static readonly ShardNode Known = ShardRules.Accept(null, CheckIn(1, Report) with { Judged = true }, TimeSpan.Zero, default, TimeSpan.FromSeconds(100));

    [Fact]
    public void What_is_new_to_a_shard_goes_to_the_twin_and_what_is_not_stays_in_memory()
    {
        Assert.Equal(CheckInVerdict.TwinWanted, ShardRules.Judge(null, CheckIn(2, Report)));
        Assert.Equal(CheckInVerdict.ReportWanted, ShardRules.Judge(null, CheckIn(2, null, unchangedSince: 1)));
        Assert.Equal(CheckInVerdict.Accepted, ShardRules.Judge(Known, CheckIn(2, null, unchangedSince: 1)));
        Assert.Equal(CheckInVerdict.ReportWanted, ShardRules.Judge(Known, CheckIn(3, null, unchangedSince: 2)));
        Assert.Equal(CheckInVerdict.OutOfOrder, ShardRules.Judge(Known, CheckIn(1, Report)));
        Assert.Equal(CheckInVerdict.TwinWanted, ShardRules.Judge(Known, CheckIn(2, Report) with { Instance = new NodeInstance("other", []) }));
        Assert.Equal(CheckInVerdict.TwinWanted, ShardRules.Judge(Known, CheckIn(2, Report with { Problems = ["disk full"] })));
    }

    [Fact]
    public void Readings_within_a_step_and_durations_are_no_change()
    {
        var later = Report with { Attributes = Report.Attributes! with { BatteryPercent = 83 }, Versions = [Report.Versions[0] with { SinceSeconds = 500 }] };

        Assert.False(NodeTwinRules.Differs(Report, later));
        Assert.True(NodeTwinRules.Differs(Report, later with { Attributes = Report.Attributes with { BatteryPercent = 70 } }));
        Assert.True(NodeTwinRules.Differs(Report, later with { Versions = [later.Versions[0] with { Stage = NodeVersionStage.Failed }] }));
        Assert.True(NodeTwinRules.Differs(Report, Report with { Attributes = Report.Attributes with { Labels = new Dictionary<string, string> { ["site"] = "a" } } }));
    }

    [Fact]
    public void What_passes_is_told_and_wakes_no_twin()
    {
        NodeReport[] passing =
        [
            Report with { Versions = [Report.Versions[0], OnItsWay(NodeVersionStage.Downloading)] },
            Report with { Versions = [Report.Versions[0], OnItsWay(NodeVersionStage.Desired)] },
            Report with { Attributes = Report.Attributes! with { BatteryPercent = 40, TemperatureC = 60, Throttled = true } },
            Report with { RefusedDocuments = [new RefusedDocument("catalogue/m", "sha256:d", 3, "OldRevision: older.")] },
        ];
        NodeReport[] lasting = [Report with { Versions = [Report.Versions[0], OnItsWay(NodeVersionStage.Serving)] }, Report with { Versions = [Report.Versions[0], OnItsWay(NodeVersionStage.Failed)] }, Report with { Versions = [] }];

        Assert.All(passing, r => Assert.Equal((true, CheckInVerdict.Accepted), (NodeTwinRules.Differs(Report, r), ShardRules.Judge(Known, CheckIn(2, r)))));
        Assert.All(lasting, r => Assert.Equal((true, CheckInVerdict.TwinWanted), (NodeTwinRules.Differs(Report, r), ShardRules.Judge(Known, CheckIn(2, r)))));
        foreach (var report in passing)
        {
            NodeTwinRules.Accept(new NodeTwin(Report, default), report with { Sequence = 2 }, default, out var changed);
            Assert.False(changed);
        }
    }

    [Fact]
    public void Documents_that_a_node_learnt_are_known_without_its_report()
    {
        var learnt = ShardRules.Accept(Known, CheckIn(2, null, unchangedSince: 1) with { DocumentsRevision = 9 }, TimeSpan.Zero, default, TimeSpan.FromSeconds(100));

        Assert.Equal((9, 0), (learnt.Facts.Report.DocumentsRevision, Known.Facts.Report.DocumentsRevision));
        Assert.False(NodeTwinRules.Differs(Report, Report with { DocumentsRevision = 9 }));
        Assert.Equal(learnt.Facts.ReportSequence, Known.Facts.ReportSequence);
    }

    [Fact]
    public void Silence_counts_by_the_interval_that_the_node_was_told()
    {
        Assert.Equal(NodeHealth.Healthy, NodeHealthRules.Judge(Report, TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(100)));
        Assert.Equal(NodeHealth.Stale, NodeHealthRules.Judge(Report, TimeSpan.FromSeconds(361), TimeSpan.FromSeconds(100)));
        Assert.Equal(NodeHealth.Stale, NodeHealthRules.Judge(Report, TimeSpan.FromSeconds(16), TimeSpan.FromSeconds(2)));
        Assert.Equal(NodeHealth.Stale, NodeHealthRules.Judge(Report, TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(2)));
        Assert.Equal(NodeHealth.Unhealthy, NodeHealthRules.Judge(Report with { Problems = ["disk full"] }, TimeSpan.Zero, TimeSpan.Zero));
        Assert.Equal(NodeHealth.Unknown, NodeHealthRules.Judge(Report, null, TimeSpan.Zero));
    }

    [Fact]
    public void Skew_keeps_its_age_while_the_same_is_desired_and_ends_when_it_serves()
    {
        var desired = new DesiredState(3, [Desired(1, "sha256:b"), Desired(2, "sha256:b2")]);
        var first = SkewRules.Observe([], desired, Report.Versions, TimeSpan.FromSeconds(10));
        var loading = SkewRules.Observe(first, desired, [Report.Versions[0], new NodeVersion("m", 2, "tiny", "sha256:b2", NodeVersionStage.Loaded, 0, "")], TimeSpan.FromSeconds(30));
        var serving = SkewRules.Observe(loading, desired, [Report.Versions[0], new NodeVersion("m", 2, "tiny", "sha256:b2", NodeVersionStage.Serving, 0, "")], TimeSpan.FromSeconds(40));

        Assert.Equal((2, TimeSpan.FromSeconds(10)), (Assert.Single(first).Version, first[0].Since));
        Assert.Equal(TimeSpan.FromSeconds(20), Assert.Single(loading).At(TimeSpan.FromSeconds(30)).Age);
        Assert.Empty(serving);
        Assert.Empty(SkewRules.Observe([], DesiredState.Nothing, Report.Versions, TimeSpan.Zero));
    }

    private static NodeCheckIn CheckIn(long sequence, NodeReport? report, long unchangedSince = 0) =>
        new(Key, new NodeInstance("boot", []), 1, sequence, 0, report is null ? null : report with { Sequence = sequence }, unchangedSince);

    private static NodeVersion OnItsWay(NodeVersionStage stage) => new("m", 2, "tiny", "sha256:c", stage, 0, "");

    private static DesiredVersion Desired(int version, string bundle) =>
        new("m", version, "tiny", new CatalogueVersion(version, bundle, default, [], [], [], "", default, null), [], 0, "");
}
