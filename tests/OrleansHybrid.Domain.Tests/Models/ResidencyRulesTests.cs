using CsCheck;
using OrleansHybrid.Domain.Models;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Models;

public class ResidencyRulesTests
{
    private static readonly Gen<ResidentVariant[]> Held =
        Gen.Select(Gen.Long[1, 40], Gen.Long[0, 20], Gen.Bool, (bytes, used, removable) => (bytes, used, removable)).Array[0, 12]
            .Select(all => all.Select((v, i) => new ResidentVariant(Key(i), v.bytes, v.used, v.removable)).ToArray());

    [Fact]
    public void Victims_are_never_in_a_run_and_make_room_and_none_is_needless() =>
        Gen.Select(Held, Gen.Long[0, 100], Gen.Long[1, 200]).Sample((held, bytes, budget) =>
        {
            var victims = ResidencyRules.ChooseVictims(held, bytes, budget);
            long After(IEnumerable<VariantKey> gone) => held.Where(h => !gone.Contains(h.Key)).Sum(h => h.Bytes) + bytes;
            if (victims is null)
            {
                Assert.True(After(held.Where(h => h.Removable).Select(h => h.Key)) > budget);
                return;
            }

            Assert.All(victims, v => Assert.True(held.Single(h => h.Key == v).Removable));
            Assert.True(After(victims) <= budget);
            Assert.All(victims, v => Assert.True(After(victims.Where(other => other != v)) > budget));
        });

    [Fact]
    public void Victims_were_used_longer_ago_than_all_that_stay_but_those_too_small_to_help() =>
        Gen.Select(Held, Gen.Long[0, 100], Gen.Long[1, 200]).Sample((held, bytes, budget) =>
        {
            var victims = ResidencyRules.ChooseVictims(held, bytes, budget) ?? [];
            if (victims.Count == 0) return;
            var gone = held.Where(h => victims.Contains(h.Key)).ToArray();
            Assert.Equal(gone.OrderBy(h => h.LastUsed).ThenBy(h => h.Key.ToString(), StringComparer.Ordinal).Select(h => h.Key), victims);
            var spare = budget - (held.Sum(h => h.Bytes) - gone.Sum(h => h.Bytes) + bytes);

            // Who was used before the last victim and stays was spared: with it gone as well, a later victim would have been needless.
            var olderThatStay = held.Where(h => h.Removable && !victims.Contains(h.Key) && h.LastUsed < gone.Max(g => g.LastUsed)).ToArray();
            Assert.All(olderThatStay, h => Assert.True(h.Bytes + spare < gone.Sum(g => g.Bytes)));
        });

    [Fact]
    public void Least_recently_used_leaves_first() =>
        Assert.Equal([Key(1)], ResidencyRules.ChooseVictims([new(Key(0), 10, 5, true), new(Key(1), 10, 1, true), new(Key(2), 10, 3, true)], 10, 30));

    [Fact]
    public void Small_one_stays_when_the_larger_one_after_it_is_enough() =>
        Assert.Equal([Key(1)], ResidencyRules.ChooseVictims([new(Key(0), 1, 1, true), new(Key(1), 20, 2, true)], 15, 21));

    [Fact]
    public void Nothing_leaves_in_vain() => Assert.Null(ResidencyRules.ChooseVictims([new(Key(0), 10, 1, true), new(Key(1), 10, 2, false)], 15, 20));

    [Fact]
    public void Nothing_leaves_where_there_is_room() => Assert.Equal([], ResidencyRules.ChooseVictims([new(Key(0), 10, 1, true)], 10, 20));

    [Fact]
    public void Idle_are_those_that_nobody_used_since() =>
        Assert.Equal([Key(2), Key(0)], ResidencyRules.ChooseIdle([new(Key(0), 1, 5, true), new(Key(1), 1, 6, true), new(Key(2), 1, 2, true), new(Key(3), 1, 1, false)], 5));

    [Theory]
    [InlineData(7, 5, 7)]
    [InlineData(0, 5, 10)]
    public void Declared_memory_wins_over_the_estimate(long declared, long file, long expected) => Assert.Equal(expected, ResidencyRules.BytesOf(declared, file));

    private static VariantKey Key(int i) => new($"m{i:00}", 1, "v");
}
