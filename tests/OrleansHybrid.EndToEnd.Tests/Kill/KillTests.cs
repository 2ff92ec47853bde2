using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Links.Bundles.Store;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Kill;

/// <summary>A cell and an agent are killed at every write of push, transfer, activation and collection. They start with a verified version and no half of another, and reach what is desired.</summary>
public static class KillNames
{
    private const string Push = "push.";

    /// <summary>Every write once; those of a push on both sides, since an agent has none.</summary>
    public static IReadOnlyList<string> Cell { get; } = [.. FailpointNames.Steps.SelectMany(s => s.Before.StartsWith(Push, StringComparison.Ordinal) ? [s.Before, s.After] : new[] { s.Before })];

    /// <summary>Every write but those of a push, on the other side.</summary>
    public static IReadOnlyList<string> Agent { get; } = [.. FailpointNames.Steps.Where(s => !s.Before.StartsWith(Push, StringComparison.Ordinal)).Select(s => s.After)];
}

public sealed class KillNamesTests
{
    [Fact]
    public void Every_name_is_hit_by_the_cell_or_the_agent_and_every_write_but_a_pushs_by_both()
    {
        Assert.Equal(FailpointNames.All.Order(StringComparer.Ordinal), KillNames.Cell.Concat(KillNames.Agent).Order(StringComparer.Ordinal));
        Assert.Equal(FailpointNames.Steps.Count, KillNames.Cell.Select(n => n[..n.LastIndexOf('.')]).Distinct().Count());
        Assert.Equal(FailpointNames.Steps.Count(s => !s.Before.StartsWith("push.", StringComparison.Ordinal)), KillNames.Agent.Count);
    }
}

public sealed class CellKillTests(KilledCell place) : IClassFixture<KilledCell>
{
    public static TheoryData<string> Names => new(KillNames.Cell);

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public Task Killed_cell_starts_with_a_verified_version_and_reaches_what_is_desired(string failpoint) => new KillCase(place, failpoint).RunAsync();

    [SkippableFact]
    public Task Version_that_two_starts_of_the_cell_died_of_is_quarantined_and_the_last_good_one_serves() => Quarantine.RunAsync(place);
}

public sealed class AgentKillTests(KilledAgent place) : IClassFixture<KilledAgent>
{
    public static TheoryData<string> Names => new(KillNames.Agent);

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public Task Killed_agent_starts_with_a_verified_version_and_reaches_what_is_desired(string failpoint) => new KillCase(place, failpoint).RunAsync();

    [SkippableFact]
    public Task Version_that_two_starts_of_the_agent_died_of_is_quarantined_and_the_last_good_one_serves() => Quarantine.RunAsync(place);
}

internal static class Quarantine
{
    public static async Task RunAsync(KilledPlace place)
    {
        await place.AliveAsync();
        var good = place.Newest;
        using var bad = await place.MakeAsync(KilledPlace.Model, good + 1);
        place.Arm(FailpointNames.ActivateSyncFolder.After);
        await place.PushAsync(bad);
        await place.DiesAsync("the first death");
        place.Arm(FailpointNames.ActivateSyncFolder.After);
        place.Begin();
        await place.DiesAsync("the second death");

        place.Begin();
        await place.ReadyAsync();
        Assert.Equal(good, await place.AnswerAsync(KilledPlace.Model, null));
        await Wait.Until(async () => (await place.ReportAsync()).Contains("quarantine", StringComparison.OrdinalIgnoreCase), "the quarantine in the report");
        Assert.Null(await place.AnswerAsync(KilledPlace.Model, good + 1));
        Assert.Equal(good, await place.AnswerAsync(KilledPlace.Model, good));

        using var next = await place.MakeAsync(KilledPlace.Model, good + 2);
        await place.ReachAsync(next);
    }
}
