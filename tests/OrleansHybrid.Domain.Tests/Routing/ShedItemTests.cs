using OrleansHybrid.Domain.Routing;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Routing;

public class ShedItemTests
{
    [Theory]
    [InlineData("mirror", ShedKinds.Mirror, "")]
    [InlineData("explain", ShedKinds.Explain, "")]
    [InlineData("escalation", ShedKinds.Escalation, "")]
    [InlineData("tenant:free", ShedKinds.Tenant, "free")]
    public void Entry_is_read_and_written_as_the_policy_has_it(string text, ShedKinds kind, string tenant)
    {
        Assert.True(ShedItem.TryParse(text, out var item));
        Assert.Equal(new ShedItem(kind, tenant), item);
        Assert.Equal(text, item.ToString());
    }

    [Theory]
    [InlineData("privacy")]
    [InlineData("authentication")]
    [InlineData("audit")]
    [InlineData("tenant:")]
    [InlineData("Mirror")]
    [InlineData("")]
    public void What_must_never_degrade_is_no_entry(string text) => Assert.False(ShedItem.TryParse(text, out _));

    [Fact]
    public void List_that_repeats_itself_or_is_too_long_is_refused()
    {
        Assert.Equal(["shed[1]"], Places("mirror", "mirror"));
        Assert.Equal(["shed"], Places([.. Enumerable.Range(0, Limits.ShedMax + 1).Select(i => $"tenant:t{i}")]));
    }

    [Fact]
    public void Pressure_sheds_the_first_entries_alone()
    {
        var farm = Farm.Region();
        farm.Policy = farm.Policy with { Shed = ["explain", "tenant:free", "tenant:trial", "escalation"] };

        Assert.Equal(ShedKinds.None, Shed(farm, 0, "free"));
        Assert.Equal(ShedKinds.Explain, Shed(farm, 1, "free"));
        Assert.Equal(ShedKinds.Explain | ShedKinds.Tenant, Shed(farm, 2, "free"));
        Assert.Equal(ShedKinds.Explain, Shed(farm, 2, "trial"));
        Assert.Equal(ShedKinds.Explain | ShedKinds.Escalation, Shed(farm, 9, "clinic"));
    }

    private static ShedKinds Shed(Farm farm, int pressure, string tenant)
    {
        farm.Pressure = pressure;
        var request = new PlanRequest("keyword", null, RouteParameters.None with { Explain = true }, Caller.Anonymous with { Tenant = tenant }, 1, Limits.DeadlineMax);
        return RoutePlanner.Plan(request, farm.Snapshot(), Farm.Start).Shed;
    }

    private static IEnumerable<string> Places(params string[] shed) =>
        PolicyCompiler.Compile(new PolicyConfig { Policy = "p", Revision = 1, Shed = shed }).Errors.Select(e => e.Place);
}
