using CsCheck;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Links.Monitoring;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Links;

public sealed class LinkRulesTests
{
    private static readonly LinkTimings Timings = LinkTimings.Default;

    [Fact]
    public void Broken_call_takes_the_link_down_and_gives_up_its_connections()
    {
        var step = Run(LinkState.Initial, 0, LinkEventKind.CallStarted, LinkEventKind.CallBroken);

        Assert.Equal(LinkHealth.Down, step.Next.Health);
        Assert.True(step.GivesUpConnections);
        Assert.Equal(0, step.Next.InFlight);
    }

    [Fact]
    public void Broken_call_of_an_older_generation_changes_nothing_but_the_count()
    {
        var up = LinkState.Initial with { Health = LinkHealth.Up, Generation = 3, InFlight = 2 };

        var step = Step(up, new LinkEvent(LinkEventKind.CallBroken, Generation: 2), 10);

        Assert.Equal(up with { InFlight = 1 }, step.Next);
        Assert.False(step.GivesUpConnections);
    }

    [Fact]
    public void Callers_that_give_up_do_not_end_the_silence()
    {
        var state = Run(Up, 1000, LinkEventKind.CallStarted).Next;
        state = Run(state, 1100, LinkEventKind.CallGaveUp, LinkEventKind.CallStarted, LinkEventKind.CallGaveUp).Next;

        Assert.Equal(Ms(1000) + Timings.Silence, LinkRules.ProbeDue(state, Timings));
    }

    [Fact]
    public void Slow_call_with_answered_probes_never_takes_the_link_down()
    {
        var state = Run(Up, 1000, LinkEventKind.CallStarted).Next;
        for (var now = 1000; now < 9000;)
        {
            now = (int)LinkRules.ProbeDue(state, Timings)!.Value.TotalMilliseconds;
            state = Run(state, now, LinkEventKind.ProbeAnswered).Next;
            Assert.Equal(LinkHealth.Up, state.Health);
        }
    }

    [Fact]
    public void Failed_probe_is_overruled_by_a_call_answered_meanwhile()
    {
        var state = Run(Up, 1000, LinkEventKind.CallStarted).Next;
        state = Run(state, 1400, LinkEventKind.CallAnswered).Next;

        var after = Step(state, new LinkEvent(LinkEventKind.ProbeFailed, StartedAt: Ms(1300)), 1900);
        var later = Step(state, new LinkEvent(LinkEventKind.ProbeFailed, StartedAt: Ms(1500)), 1900);

        Assert.Equal(LinkHealth.Up, after.Next.Health);
        Assert.Equal(LinkHealth.Down, later.Next.Health);
    }

    [Fact]
    public void Probe_that_this_process_was_too_late_for_is_repeated_at_once_and_leaves_the_link_up()
    {
        var step = Run(Up, 1000, LinkEventKind.ProbeInconclusive);

        Assert.Equal(LinkHealth.Up, step.Next.Health);
        Assert.False(step.GivesUpConnections);
        Assert.True(LinkRules.ProbeDue(step.Next, Timings) <= Ms(1000), "the next probe is due at once");
    }

    [Fact]
    public void Third_late_probe_in_a_row_counts_as_failed()
    {
        var two = Run(Up, 1000, LinkEventKind.ProbeInconclusive, LinkEventKind.ProbeInconclusive).Next;

        Assert.Equal(LinkHealth.Up, two.Health);
        Assert.Equal(LinkHealth.Down, Run(two, 1100, LinkEventKind.ProbeInconclusive).Next.Health);
    }

    [Theory]
    [InlineData(LinkEventKind.ProbeAnswered)]
    [InlineData(LinkEventKind.CallAnswered)]
    public void Any_answer_ends_the_row_of_late_probes(LinkEventKind answer)
    {
        var state = Run(Up, 1000, LinkEventKind.ProbeInconclusive, LinkEventKind.ProbeInconclusive, answer).Next;

        Assert.NotEqual(TimeSpan.Zero, LinkRules.ProbeDue(state, Timings));
        Assert.Equal(LinkHealth.Up, Run(state, 1100, LinkEventKind.ProbeInconclusive, LinkEventKind.ProbeInconclusive).Next.Health);
    }

    [Fact]
    public void Late_probe_of_a_dead_link_is_repeated_on_fresh_connections()
    {
        var down = Run(Up, 0, LinkEventKind.ProbeFailed).Next;

        var step = Run(down, 1000, LinkEventKind.ProbeInconclusive);

        Assert.Equal(LinkHealth.Down, step.Next.Health);
        Assert.True(step.GivesUpConnections);
        Assert.Equal(down.Failures, step.Next.Failures);
        Assert.True(LinkRules.ProbeDue(step.Next, Timings) <= Ms(1000), "the next probe is due at once");
    }

    [Fact]
    public void Pauses_of_a_dead_link_double_up_to_the_bound()
    {
        var state = Run(Up, 0, LinkEventKind.ProbeFailed).Next;
        var pauses = new List<double>();
        for (var i = 0; i < 7; i++)
        {
            pauses.Add(state.ProbeDueWhenDown.TotalMilliseconds);
            state = Step(state, new LinkEvent(LinkEventKind.ProbeFailed, state.Generation), 0).Next;
        }

        Assert.Equal([250, 500, 1000, 2000, 4000, 5000, 5000], pauses);
    }

    [Fact]
    public void Cut_ends_only_by_heal_and_then_a_probe_decides()
    {
        var cut = Run(Up, 0, LinkEventKind.Cut);
        var probed = Step(cut.Next, new LinkEvent(LinkEventKind.ProbeAnswered, cut.Next.Generation), 10).Next;
        var healed = Run(probed, 50, LinkEventKind.Heal).Next;

        Assert.True(cut.GivesUpConnections);
        Assert.Equal(LinkHealth.Cut, probed.Health);
        Assert.Null(LinkRules.ProbeDue(probed, Timings));
        Assert.Equal(LinkHealth.Down, healed.Health);
        Assert.Equal(Ms(50), LinkRules.ProbeDue(healed, Timings));
        Assert.Equal(LinkHealth.Up, Step(healed, new LinkEvent(LinkEventKind.ProbeAnswered, healed.Generation), 60).Next.Health);
    }

    [Fact]
    public void Any_events_keep_the_rules_that_hold_always() =>
        Gen.Select(Gen.Enum<LinkEventKind>(), Gen.Int[0, 3], Gen.Int[0, 900]).Array[1, 60].Sample(events =>
        {
            var state = LinkState.Initial;
            var now = 0;
            foreach (var (kind, age, wait) in events)
            {
                var step = Step(state, new LinkEvent(kind, state.Generation - age, Ms(now)), now += wait);
                Assert.True(step.Next.InFlight >= 0);
                Assert.True(step.Next.Generation == state.Generation + (step.GivesUpConnections ? 1 : 0), "connections and generation move together");
                if (state.Health == LinkHealth.Cut && kind != LinkEventKind.Heal) Assert.Equal(LinkHealth.Cut, step.Next.Health);
                if (state.Health == LinkHealth.Down && step.Next.Usable) Assert.Equal(LinkEventKind.ProbeAnswered, kind);
                if (step.Next.Health != LinkHealth.Cut) Assert.NotNull(LinkRules.ProbeDue(step.Next, Timings));
                state = step.Next;
            }
        });

    private static LinkState Up => LinkState.Initial with { Health = LinkHealth.Up, LastProbeAt = Ms(900) };

    private static TimeSpan Ms(int ms) => TimeSpan.FromMilliseconds(ms);

    private static LinkStep Step(LinkState state, LinkEvent input, int nowMs) => LinkRules.Step(state, input, Ms(nowMs), Timings);

    private static LinkStep Run(LinkState state, int nowMs, params LinkEventKind[] kinds)
    {
        var step = new LinkStep(state, false);
        foreach (var kind in kinds) step = Step(step.Next, new LinkEvent(kind, step.Next.Generation), nowMs);
        return step;
    }
}
