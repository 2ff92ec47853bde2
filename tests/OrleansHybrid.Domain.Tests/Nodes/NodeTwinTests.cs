using OrleansHybrid.Domain.Models;
using OrleansHybrid.Domain.Nodes;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Nodes;

public sealed class NodeTwinTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly NodeReport Report = new(
        new NodeKey("c", "n"), NodeKind.Silo, Zone.Edge, 2, 5, "http://127.0.0.1:1", [new NodeVariant(new VariantKey("m", 1, "v"), "sha256:a", 1, 2, 0)], 1, 2);

    [Theory]
    [InlineData(2, 6, true)]
    [InlineData(3, 0, true)]
    [InlineData(2, 5, false)]
    [InlineData(2, 4, false)]
    [InlineData(1, 9, false)]
    public void Report_is_accepted_only_when_later(long epoch, long sequence, bool accepted)
    {
        var twin = NodeTwinRules.Accept(null, Report, Now, out _);

        var next = NodeTwinRules.Accept(twin, Report with { Epoch = epoch, Sequence = sequence }, Now.AddSeconds(1), out _);

        Assert.Equal(accepted, !ReferenceEquals(twin, next));
    }

    [Fact]
    public void Load_alone_is_no_change_and_a_digest_is()
    {
        var busier = Report with { Variants = [Report.Variants[0] with { Waiting = 9, RunMsP95 = 70 }] };
        var other = Report with { Variants = [Report.Variants[0] with { Digest = "sha256:b" }] };

        Assert.False(NodeTwinRules.Differs(Report, busier));
        Assert.True(NodeTwinRules.Differs(Report, other));
    }

    [Theory]
    [InlineData(0, NodeHealth.Healthy)]
    [InlineData(15, NodeHealth.Healthy)]
    [InlineData(16, NodeHealth.Stale)]
    [InlineData(-1, NodeHealth.Stale)]
    public void Status_is_healthy_only_for_a_fresh_report(int ageSeconds, NodeHealth expected)
    {
        var status = NodeStatus.Of(Report.Key, new NodeTwin(Report, Now), Now.AddSeconds(ageSeconds));

        Assert.Equal((expected, TimeSpan.FromSeconds(ageSeconds)), (status.Health, status.Age));
    }
}
