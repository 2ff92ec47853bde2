using OrleansHybrid.Domain.Models;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Models;

public class UpdateRulesTests
{
    [Fact]
    public void Words_stand_for_the_cadences_in_their_order()
    {
        Assert.Equal(["never", "yearly", "monthly", "weekly", "daily", "hourly", "continuous"], UpdateCadences.AllNames);
        Assert.All(Enum.GetValues<UpdateCadence>(), cadence => Assert.True(UpdateCadences.TryParse(cadence.WireName(), out var read) && read == cadence));
        Assert.False(UpdateCadences.TryParse("month", out _));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(UpdateCadence.Never, false)]
    [InlineData(UpdateCadence.Daily, false)]
    [InlineData(UpdateCadence.Hourly, true)]
    [InlineData(UpdateCadence.Continuous, true)]
    public void Version_changes_often_from_once_an_hour_on(UpdateCadence? cadence, bool often) => Assert.Equal(often, UpdateRules.ChangesOften(cadence));
}
