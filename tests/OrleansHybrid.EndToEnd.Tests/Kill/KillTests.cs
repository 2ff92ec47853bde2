using OrleansHybrid.Links.Bundles.Store;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Kill;

/// <summary>A cell and an agent are killed at every write of push, transfer, activation and collection. They start with a verified version and no half of another, and reach what is desired.</summary>
/// <remarks>Each has one folder for all cases, and is killed there and started again case by case. The two share nothing, so that they die and start side by side.</remarks>
public sealed class KillTests(KilledCell cell, KilledAgent agent) : IClassFixture<KilledCell>, IClassFixture<KilledAgent>
{
    public static TheoryData<string, string> Names
    {
        get
        {
            var names = new TheoryData<string, string>();
            foreach (var (atCell, atAgent) in KillNames.Rows) names.Add(atCell, atAgent);
            return names;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public async Task Killed_at_a_write_it_starts_with_a_verified_version_and_reaches_what_is_desired(string atCell, string atAgent)
    {
        Skip.If(OperatingSystem.IsWindows(), "Signals and exit codes are those of Unix.");
        await Task.WhenAll(RunAsync(cell, atCell), RunAsync(agent, atAgent));
    }

    [SkippableFact]
    public async Task Version_that_two_starts_died_of_is_quarantined_and_the_last_good_one_serves()
    {
        Skip.If(OperatingSystem.IsWindows(), "Signals and exit codes are those of Unix.");
        await Task.WhenAll(new Quarantine(cell).RunAsync(), new Quarantine(agent).RunAsync());
    }

    private static Task RunAsync(KilledPlace place, string failpoint) => failpoint.Length == 0 ? Task.CompletedTask : new KillCase(place, failpoint).RunAsync();
}

/// <summary>Holds the theory to the table of the product.</summary>
public sealed class KillNamesTests
{
    [Fact]
    public void Every_failpoint_of_the_product_is_in_the_theory_once() =>
        Assert.Equal(FailpointNames.All.Order(StringComparer.Ordinal), KillNames.Rows.SelectMany(r => new[] { r.Cell, r.Agent }).Where(n => n.Length > 0).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_write_but_those_of_one_of_them_alone_kills_both()
    {
        var both = FailpointNames.Steps.Select(s => KillNames.StepOf(s.Before)).Where(s => !KillNames.IsCellsAlone(s) && !KillNames.IsAgentsAlone(s)).ToArray();
        Assert.Equal(both, KillNames.Rows.Where(r => r.Cell.Length > 0 && r.Agent.Length > 0).Select(r => KillNames.StepOf(r.Cell)));
        Assert.Equal(both, KillNames.Rows.Where(r => r.Cell.Length > 0 && r.Agent.Length > 0).Select(r => KillNames.StepOf(r.Agent)));
    }
}
