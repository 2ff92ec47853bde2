using CsCheck;
using OrleansHybrid.Domain.Nodes;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Nodes;

public sealed class FleetPagesTests
{
    [Fact]
    public void Pages_followed_to_the_end_show_every_node_once_and_in_order() =>
        Gen.Select(Gen.Int[0, 200], Gen.Int[1, 30]).Sample((count, rows) =>
        {
            var shards = Enumerable.Range(0, count).Select(i => new NodeKey("c", $"n{i}")).ToLookup(FleetSharding.ShardOf);
            var seen = new List<string>();
            var query = new FleetQuery(Rows: rows);
            FleetPage page;
            do
            {
                page = FleetPages.Merge(shards.Select(s => FleetPages.Cut(s.Select(Unknown), query)).ToArray(), query);
                Assert.InRange(page.Nodes.Count, 0, rows);
                seen.AddRange(page.Nodes.Select(n => n.Key.ToString()));
                query = query with { After = page.Next };
            }
            while (page.Next is not null);

            Assert.Equal(Enumerable.Range(0, count).Select(i => $"c/n{i}").Order(StringComparer.Ordinal), seen);
        });

    [Fact]
    public void Shards_share_names_that_differ_in_a_digit_evenly()
    {
        var shards = Enumerable.Range(0, 64_000).GroupBy(i => FleetSharding.ShardOf(new NodeKey("eu-west", $"box-{i}"))).Select(g => g.Count()).ToArray();

        Assert.Equal(Limits.FleetShards, shards.Length);
        Assert.All(shards, n => Assert.InRange(n, 800, 1200));
    }

    [Fact]
    public void Shard_of_a_key_never_moves() =>
        Assert.Equal((24, 0), (FleetSharding.ShardOf(new NodeKey("eu-west", "box-1")), FleetSharding.ShardOf(new NodeKey("central", "silo-0"))));

    private static NodeStatus Unknown(NodeKey key) => NodeStatus.Of(key, null, default);
}
