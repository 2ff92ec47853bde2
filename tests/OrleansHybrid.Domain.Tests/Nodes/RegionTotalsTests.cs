using CsCheck;
using OrleansHybrid.Domain.Nodes;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Nodes;

public sealed class RegionTotalsTests
{
    /// <summary>Growing totals over a few epochs, reported with losses, repeats and in any order: never more than there was, and all of it once each epoch's last report arrived.</summary>
    [Fact]
    public void Replays_losses_and_disorder_count_nothing_twice() =>
        Gen.Select(Gen.Long[1, 100].Array[1, 8], Gen.Int[0, 200].Array[0, 60]).Sample((ends, picks) =>
        {
            var reports = ends.SelectMany((end, epoch) => new[] { end / 3, end / 2, end }.Select(r => new VersionTotal("m", 1, epoch, r, r / 2))).ToArray();
            IReadOnlyList<VersionTotal> known = [];
            foreach (var pick in picks)
            {
                known = RegionTotals.Merge(known, [reports[pick % reports.Length]]);
                Assert.True(Sum(known) <= ends.Sum());
            }

            // The last of each epoch, newest epoch last, arrives in the end; then they are repeated.
            for (var again = 0; again < 2; again++)
            {
                foreach (var last in reports.Where(r => r.Requests == ends[r.Epoch])) known = RegionTotals.Merge(known, [last]);
            }

            Assert.True(Sum(known) <= ends.Sum());
            if (ends.Length < Limits.RegionEpochsMax) Assert.Equal(ends.Sum(), Sum(known));
        });

    [Fact]
    public void Epochs_beyond_the_bound_are_added_up_and_closed()
    {
        IReadOnlyList<VersionTotal> known = [];
        for (var epoch = 0; epoch < 50; epoch++) known = RegionTotals.Merge(known, [new VersionTotal("m", 1, epoch, 10, 1)]);

        Assert.Equal((Limits.RegionEpochsMax, 500L), (known.Count, Sum(known)));
        Assert.Equal(500, Sum(RegionTotals.Merge(known, [new VersionTotal("m", 1, 3, 99, 0)])));
    }

    [Fact]
    public void Counts_merged_from_parts_are_those_of_the_whole() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[1, 2]).Array[0, 60].Sample(nodes =>
        {
            var all = nodes.Select((n, i) => Status(i, n.Item1, n.Item2)).ToArray();
            var parts = all.Chunk(7).Select(c => NodeCounts.Of(c)).Reverse().ToArray();

            Assert.Equal(NodeCounts.Of(all).Rows, NodeCounts.Merge(parts).Rows);
            Assert.Equal(nodes.Length, NodeCounts.Merge(parts).Rows.Sum(r => r.Nodes));
        });

    private static long Sum(IReadOnlyList<VersionTotal> totals) => totals.Sum(t => t.Requests);

    private static NodeStatus Status(int i, int health, int version)
    {
        var report = new NodeReport(new NodeKey("c", $"n{i}"), NodeKind.Device, Zone.Device, 1, 1, "", [], 1, 1)
        {
            Versions = [new NodeVersion("m", version, "tiny", "", NodeVersionStage.Serving, 1, "")], Problems = ["none"],
        };
        return new NodeStatus(report.Key, (NodeHealth)health, report, null, TimeSpan.FromSeconds(i));
    }
}
