using OrleansHybrid.Domain.Routing;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Routing;

public class PressureRulesTests
{
    private const int Items = 3;
    private static readonly PressureLoad Strained = new(PressureRules.RiseAt, 0, 0);
    private static readonly PressureLoad Between = new(0.5, 0.5, 0.5);
    private static readonly PressureLoad AtEase = new(0, PressureRules.FallAt, 0);
    private static readonly TimeSpan Tick = Limits.SnapshotInterval;
    private DateTimeOffset now = Farm.Start;
    private PressureState state;

    [Fact]
    public void Level_under_lasting_strain_rises_one_entry_at_a_time_up_to_the_list()
    {
        Assert.Equal(0, After(Strained, Limits.PressureRiseAfter));
        for (var level = 1; level <= Items; level++) Assert.Equal(level, After(Strained, level == 1 ? Tick : Limits.PressureRiseAfter));
        Assert.Equal(Items, After(Strained, 10 * Limits.PressureRiseAfter));
    }

    [Fact]
    public void Level_at_lasting_ease_falls_one_entry_at_a_time_to_none()
    {
        After(Strained, 2 * Items * Limits.PressureRiseAfter);
        Assert.Equal(Items, After(AtEase, Limits.PressureFallAfter));
        for (var level = Items - 1; level >= 0; level--) Assert.Equal(level, After(AtEase, level == Items - 1 ? Tick : Limits.PressureFallAfter));
        Assert.Equal(0, After(AtEase, 2 * Limits.PressureFallAfter));
    }

    [Fact]
    public void Strain_that_comes_and_goes_moves_nothing()
    {
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(0, After(Strained, Limits.PressureRiseAfter - Tick));
            Assert.Equal(0, After(i % 2 == 0 ? Between : AtEase, Tick));
        }
    }

    [Fact]
    public void Ease_that_is_broken_once_starts_anew()
    {
        After(Strained, Limits.PressureRiseAfter + Tick);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(1, After(AtEase, Limits.PressureFallAfter - Tick));
            Assert.Equal(1, After(Between, Tick));
        }
    }

    /// <summary>Shedding lowers the strain, but not by enough to be at ease: the level has to stand.</summary>
    [Fact]
    public void Strain_between_the_two_bounds_keeps_the_level()
    {
        After(Strained, Limits.PressureRiseAfter + Tick);
        Assert.Equal(1, After(Between, 10 * Limits.PressureFallAfter));
    }

    [Fact]
    public void Worst_of_the_three_signals_decides()
    {
        Assert.Equal(0.9, new PressureLoad(0.9, 0.1, 0.2).Strain);
        Assert.Equal(0.9, new PressureLoad(0.1, 0.9, 0.2).Strain);
        Assert.Equal(0.9, new PressureLoad(0.1, 0.2, 0.9).Strain);
    }

    [Fact]
    public void Policy_without_a_list_never_sheds_and_a_shorter_list_bounds_the_level()
    {
        After(Strained, 10 * Limits.PressureRiseAfter);
        Assert.Equal(1, PressureRules.Next(state, Between, 1, now).Level);
        Assert.Equal(PressureState.None, PressureRules.Next(state, Strained, 0, now));
    }

    /// <summary>The level after the load held for so long, asked at every snapshot.</summary>
    private int After(PressureLoad load, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Tick)
        {
            state = PressureRules.Next(state, load, Items, now);
            now += Tick;
        }

        return state.Level;
    }
}
