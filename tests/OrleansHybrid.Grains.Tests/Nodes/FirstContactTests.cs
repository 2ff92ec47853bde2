using Microsoft.Extensions.Time.Testing;
using OrleansHybrid.Domain;
using OrleansHybrid.Grains.Nodes;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Nodes;

public sealed class FirstContactTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void A_cell_above_that_may_be_starting_too_is_awaited_and_not_for_ever()
    {
        var above = new FirstContact(clock);

        Assert.True(above.IsAwaited);
        clock.Advance(Limits.LinkFirstContactMax);
        Assert.False(above.IsAwaited);
    }

    [Fact]
    public void One_that_was_heard_is_missed_at_once()
    {
        var above = new FirstContact(clock);
        above.Heard();

        Assert.False(above.IsAwaited);
    }
}
