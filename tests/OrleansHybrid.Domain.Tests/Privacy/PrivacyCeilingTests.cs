using OrleansHybrid.Domain.Privacy;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Privacy;

public class PrivacyCeilingTests
{
    [Theory]
    [InlineData(PrivacyCeiling.Device, true, false, false)]
    [InlineData(PrivacyCeiling.Edge, true, true, false)]
    [InlineData(PrivacyCeiling.Any, true, true, true)]
    public void Ceiling_permits_its_own_zone_and_those_below(PrivacyCeiling ceiling, bool device, bool edge, bool cloud) =>
        Assert.Equal((device, edge, cloud), (ceiling.Permits(Zone.Device), ceiling.Permits(Zone.Edge), ceiling.Permits(Zone.Cloud)));

    [Fact]
    public void Lowest_of_two_is_the_stricter()
    {
        foreach (var left in Enum.GetValues<PrivacyCeiling>())
        {
            foreach (var right in Enum.GetValues<PrivacyCeiling>())
            {
                var lowest = PrivacyCeilings.Lowest(left, right);
                foreach (var zone in Enum.GetValues<Zone>()) Assert.Equal(left.Permits(zone) && right.Permits(zone), lowest.Permits(zone));
            }
        }
    }

    [Theory]
    [InlineData("device", true)]
    [InlineData("edge", true)]
    [InlineData("any", true)]
    [InlineData("Any", false)]
    [InlineData("cloud", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Name_that_is_unknown_is_an_error_and_leaves_the_strictest(string? text, bool known)
    {
        Assert.Equal(known, PrivacyCeilings.TryParse(text, out var ceiling));
        Assert.Equal(known ? text : "device", ceiling.WireName());
    }
}
