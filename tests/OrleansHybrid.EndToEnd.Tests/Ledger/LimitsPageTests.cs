using System.Reflection;
using OrleansHybrid.Contracts.Routing;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Grains;
using OrleansHybrid.Silo.Admin;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Ledger;

/// <summary>Arrows, boxes, stores and limits: complete by the code they speak of, and the page of the reference says the same.</summary>
public sealed class LimitsPageTests
{
    [Fact]
    public void Every_bound_has_an_owner() => Assert.Empty(LimitRoutes.All.Where(l => string.IsNullOrEmpty(l.Owner)).Select(l => $"{l.Limit}: add it to LimitOwners"));

    [Fact]
    public void Every_grain_interface_is_at_the_end_of_an_arrow()
    {
        var grains = typeof(IRouterGrain).Assembly.GetTypes().Where(t => t.IsInterface && typeof(IAddressable).IsAssignableFrom(t)).Select(t => t.Name);

        Assert.Empty(grains.Except(FarmMap.Arrows.Select(a => a.Grain)));
        Assert.Empty(FarmMap.Arrows.Select(a => a.Grain).Where(g => g.Length > 0).Except(grains));
    }

    [Fact]
    public void Every_state_of_a_grain_is_a_store()
    {
        var states = typeof(HybridGrainsOptions).Assembly.GetTypes()
            .SelectMany(t => t.GetConstructors()).SelectMany(c => c.GetParameters())
            .Select(p => p.GetCustomAttribute<PersistentStateAttribute>()?.StateName).OfType<string>().Order().ToArray();

        Assert.Equal(states, FarmMap.Stores.Select(s => s.State).Where(s => s.Length > 0).Order());
    }

    [Fact]
    public void Page_says_who_retries() => ReferencePage.AssertHolds(
        "limits.md", "arrows", ["| from | to | who retries | with what budget |", "|---|---|---|---|", .. FarmMap.Arrows.Select(a => $"| {a.From} | {a.To} | {a.Retries} | {a.Budget} |")]);

    [Fact]
    public void Page_says_who_pays() => ReferencePage.AssertHolds(
        "limits.md", "boxes", ["| box | who pays | booked as | price |", "|---|---|---|---|", .. FarmMap.Boxes.Select(b => $"| {b.Box} | {b.Pays} | {b.Booked} | {(b.Price.Length > 0 ? $"`{b.Price}`" : "")} |")]);

    [Fact]
    public void Page_says_what_expires() => ReferencePage.AssertHolds(
        "limits.md", "stores", ["| store | keeps | size, and what happens at it | age |", "|---|---|---|---|", .. FarmMap.Stores.Select(s => $"| {s.Store} | {s.Keeps} | {s.Size} | {s.Age} |")]);

    [Fact]
    public void Page_lists_every_bound() => ReferencePage.AssertHolds(
        "limits.md",
        "limits",
        ["| limit | value | owner | reason, and what happens at it |", "|---|---|---|---|", .. LimitRoutes.All.Select(l => FormattableString.Invariant($"| `{l.Limit}` | {l.Value:0.###} {l.Unit} | {l.Owner} | {Reason(l.Reason)} |"))]);

    private static string Reason(string reason)
    {
        var owner = reason.LastIndexOf("Owner: ", StringComparison.Ordinal);
        return (owner < 0 ? reason : reason[..owner].TrimEnd()).Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "\\<", StringComparison.Ordinal);
    }
}
