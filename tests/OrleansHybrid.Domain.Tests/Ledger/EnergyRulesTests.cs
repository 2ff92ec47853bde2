using CsCheck;
using OrleansHybrid.Domain.Ledger;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Ledger;

public sealed class EnergyRulesTests
{
    private const long Range = 1_000_000;

    [Theory]
    [InlineData(100, 300, 50)]
    [InlineData(999_900, 100, 50)]
    [InlineData(100, 100, 0)]
    public void Share_is_the_machines_by_cpu_time_also_when_a_counter_starts_again(long before, long after, long expected) =>
        Assert.Equal(expected, EnergyRules.Share(Reading(before, own: 1, machine: 10), Reading(after, own: 2, machine: 14)));

    [Fact]
    public void Share_of_readings_that_do_not_fit_together_is_nothing()
    {
        Assert.Equal(0, EnergyRules.Share(Reading(100, 1, 10), Reading(300, 2, 10)));
        Assert.Equal(0, EnergyRules.Share(Reading(100, 2, 10), Reading(300, 1, 14)));
        Assert.Equal(0, EnergyRules.Share(Reading(100, 1, 10), new EnergyReading([], TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(14))));
    }

    [Fact]
    public void Parts_add_up_to_the_whole_and_follow_the_weights() => Gen.Select(Gen.Long[0, 1_000_000], Gen.Long[0, 1000].Array[1, 20]).Sample((whole, weights) =>
    {
        var parts = EnergyRules.Spread(whole, weights);

        Assert.Equal(weights.Sum() == 0 ? 0 : whole, parts.Sum());
        Assert.All(parts.Zip(weights), p => Assert.True(p.Second > 0 || p.First == 0));
    });

    [Theory]
    [InlineData(10, 1000, 400, 6000)]
    [InlineData(10, 1000, 5000, 0)]
    [InlineData(10, 1000, -5, 10_000)]
    public void Idle_time_is_the_interval_less_what_was_busy(double mib, int intervalMs, int busyMs, long expected) =>
        Assert.Equal(expected, IdleRules.MibMs(mib, TimeSpan.FromMilliseconds(intervalMs), TimeSpan.FromMilliseconds(busyMs)));

    [Fact]
    public void Memory_that_nobody_declared_is_the_files_size() => Assert.Equal((8, 2), (IdleRules.MibOf(8, 1), IdleRules.MibOf(0, 2 << 20)));

    private static EnergyReading Reading(long microjoules, double own, double machine) =>
        new([new EnergyCounter(microjoules, Range)], TimeSpan.FromSeconds(own), TimeSpan.FromSeconds(machine));
}
