using System.Text;
using OrleansHybrid.EndToEnd.Tests.Bundles;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Tamper;

/// <summary>A cell that serves version 1 of <c>steady</c>; each test pushes a second one that is tampered with.</summary>
public sealed class SteadyCell : IAsyncLifetime
{
    private readonly PushCell cell = new();
    private readonly HttpClient http = new();

    internal PushedVersion One { get; } = new("steady");

    internal PushCalls Calls => cell.Calls;

    public async Task InitializeAsync()
    {
        await cell.InitializeAsync();
        await One.SignAsync();
        await cell.TrustedAsync(One);
        Assert.Equal(200, (await Calls.PushAsync(One)).Status);
        await Wait.Until(async () => await Served.AnswersAsync(http, cell.Cell.Cell, "steady", 1), "version 1 to serve");
    }

    internal Task<bool> AnswersAsync() => Served.AnswersAsync(http, cell.Cell.Cell, "steady", 1);

    public async Task DisposeAsync()
    {
        http.Dispose();
        One.Dispose();
        await cell.DisposeAsync();
    }
}

/// <summary>What is wrong with a push is refused for its own reason and written down; nothing of it is published, and what served before answers.</summary>
public sealed class TamperedPushTests(SteadyCell fixture) : IClassFixture<SteadyCell>
{
    public static TheoryData<string> Names => new(TamperTable.Of(TamperPlace.Push).Select(k => k.Name));

    [Fact]
    public void Every_row_of_the_table_is_done_and_no_other() =>
        Assert.Equal(TamperTable.Of(TamperPlace.Push).Select(k => k.Name).Order(StringComparer.Ordinal), PushTricks.All.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Tampered_push_is_refused_for_its_reason_and_written_down_and_the_old_version_serves(string name)
    {
        var kind = TamperTable.Find(name);
        using var version = new PushedVersion("steady", 2, publisher: fixture.One);
        version.Write("notes.txt", [.. Encoding.ASCII.GetBytes(name), .. new byte[5000]]);
        await version.SignAsync();

        var refused = await PushTricks.All[name](fixture.Calls, version, fixture.One);

        Assert.Equal(kind.Refusal.ToString(), refused.Refusal);
        Assert.Contains(kind.Says, (string)refused.Body!["error"]!, StringComparison.Ordinal);
        Assert.Null(await fixture.Calls.PublishedAsync("steady", 2));
        var audited = (await fixture.Calls.SendAsync(HttpMethod.Get, "audit?what=version.refused&rows=1", null)).Body!["entries"]!.AsArray();
        Assert.True(kind.Tells((string)audited[0]!["why"]!), audited.ToJsonString());
        Assert.True(await fixture.AnswersAsync());
    }
}
