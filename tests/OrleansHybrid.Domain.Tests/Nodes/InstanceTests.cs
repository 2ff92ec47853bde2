using CsCheck;
using OrleansHybrid.Domain.Nodes;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Nodes;

public sealed class InstanceTests
{
    /// <summary>Both copies start from the disk of run "p" and call in any order and number: one of the two is let in, always the same.</summary>
    [Fact]
    public void Of_two_copies_of_one_backup_exactly_one_is_let_in() =>
        Gen.Int[0, 1].Array[2, 40].Sample(calls =>
        {
            var known = "p";
            var admitted = new HashSet<int>();
            foreach (var copy in calls)
            {
                var verdict = InstanceRules.Judge(known, new NodeInstance($"copy-{copy}", ["p"]), TimeSpan.FromSeconds(10));
                if (verdict is InstanceVerdict.Copy) continue;
                known = $"copy-{copy}";
                admitted.Add(copy);
            }

            Assert.Equal(calls[0], Assert.Single(admitted));
        });

    [Fact]
    public void Runs_that_never_reached_their_cell_are_no_break() =>
        Assert.Equal(InstanceVerdict.Successor, InstanceRules.Judge("b1", new NodeInstance("b4", ["b3", "b2", "b1"]), TimeSpan.Zero));

    [Fact]
    public void Copy_is_let_in_as_restored_only_after_long_silence()
    {
        var copy = new NodeInstance("x", ["old"]);

        Assert.Equal(InstanceVerdict.Copy, InstanceRules.Judge("b1", copy, Limits.InstanceQuietMin - TimeSpan.FromSeconds(1)));
        Assert.Equal(InstanceVerdict.Restored, InstanceRules.Judge("b1", copy, Limits.InstanceQuietMin));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(1000, 2)]
    [InlineData(5000, 10)]
    [InlineData(10_000_000, 300)]
    public void Pace_follows_the_number_of_nodes(long nodes, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), CheckInPace.Next(nodes));
}
