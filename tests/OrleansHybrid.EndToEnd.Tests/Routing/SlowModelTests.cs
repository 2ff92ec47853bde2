using System.Diagnostics;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;
using Xunit.Abstractions;

namespace OrleansHybrid.EndToEnd.Tests.Routing;

/// <summary>A model that runs for long is waited for across the link, and its silence is not taken for a dead link.</summary>
public sealed class SlowModelTests(ITestOutputHelper log)
{
    private const long FirstTimes = 100_000;
    private const int AsksMax = 8;
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Aim = TimeSpan.FromSeconds(8.5);

    /// <summary>How long a count takes is up to the machine, so each ask is scaled by the one before it until one took as long as it is meant to; all must be answered.</summary>
    [Fact]
    public async Task A_model_that_takes_eight_seconds_answers_over_the_link()
    {
        using var folder = new TempFolder();
        await using var farm = await TestFarm.StartAsync(FarmShape.ThreeProcesses, more: ["--models", SlowModel.WriteTo(folder)]);
        await farm.WaitForLinksAsync();

        var took = TimeSpan.Zero;
        var times = FirstTimes;
        for (var asks = 0; took < Slow && asks < AsksMax; asks++)
        {
            if (asks > 0) times = Scaled(times, took);
            took = await AskAsync(farm, times);
            log.WriteLine($"{times} additions took {took.TotalSeconds:F2} s");
        }

        Assert.True(took >= Slow, $"no ask took {Slow}, so nothing slow was tested: the last one was {times} additions in {took}");
    }

    /// <summary>At most twenty times as many, since a short ask says little about a long one, and at least half as many again, since a machine that gets less busy outruns the aim.</summary>
    private static long Scaled(long times, TimeSpan took) => (long)(times * Math.Clamp(Aim / took, 1.5, 20));

    private static async Task<TimeSpan> AskAsync(TestFarm farm, long times)
    {
        var links = new List<string>();
        var started = Stopwatch.GetTimestamp();
        var asked = TimedAsync();
        await Wait.Until(
            async () =>
            {
                links.Add(await farm.Http.GetStringAsync($"{farm.EuWest.HttpUrl}/v1/links"));
                return asked.IsCompleted;
            },
            $"{times} additions");
        var (answer, took) = await asked;

        Assert.True(answer.Ok, answer.Text);
        Assert.Equal(("cloud", "central", times), (answer.Zone, answer.Cell, SlowModel.CountedIn(answer)));
        Assert.All(links, l => Assert.Contains("\"health\":\"up\"", l, StringComparison.Ordinal));
        return took;

        async Task<(Answer Answer, TimeSpan Took)> TimedAsync()
        {
            var given = await farm.Http.InferJsonAsync(farm.EuWest, SlowModel.JsonOf(times), SlowModel.Name);
            return (given, Stopwatch.GetElapsedTime(started));
        }
    }
}
