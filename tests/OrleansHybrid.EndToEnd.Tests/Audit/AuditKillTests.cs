using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Audit;

/// <summary>A cell is killed while changes are made.</summary>
public sealed class AuditKillTests
{
    private const int Rounds = 3;

    [Fact]
    public async Task Chain_is_whole_after_kill_9_and_holds_every_change_that_was_answered()
    {
        using var folder = new TempFolder();
        var cell = TestCell.Create("central");
        var none = Directory.CreateDirectory(folder.Sub("none")).FullName;
        var answered = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            await using var silo = SiloProcess.Start([.. cell.Arguments(folder.Path), "--models", none], folder.Path);
            await silo.WaitUntilReadyAsync();
            using var calls = AuditCalls.Of(cell, folder.Path);
            using var enough = new SemaphoreSlim(0);
            var making = MakeUntilItFailsAsync(calls, answered, enough);
            for (var i = 0; i < 3 + (4 * round); i++) Assert.True(await enough.WaitAsync(Wait.Long));
            await silo.KillAsync();
            await making;
        }

        await using var last = SiloProcess.Start([.. cell.Arguments(folder.Path), "--models", none], folder.Path);
        await last.WaitUntilReadyAsync();
        using var reading = AuditCalls.Of(cell, folder.Path);
        var page = await reading.ReadAsync("?order=oldest&rows=1000&what=key.create");

        Assert.True(page.Verified);
        Assert.Equal(Enumerable.Range(1, (int)page.Last).Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)), (await reading.ReadAsync("?order=oldest&rows=1000")).All("sequence"));
        Assert.Empty(answered.Select(id => "key " + id).Except(page.All("subject")));
        Assert.NotEmpty(answered);
    }

    private static async Task MakeUntilItFailsAsync(AuditCalls calls, List<string> answered, SemaphoreSlim enough)
    {
        try
        {
            while (true)
            {
                answered.Add(await calls.MakeKeyAsync("free"));
                enough.Release();
            }
        }
        catch (HttpRequestException)
        {
            // The cell is gone.
        }
    }
}
