using System.Collections.Concurrent;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Routing;

/// <summary>Central is killed, restarted, frozen and thawed under load: the region answers every request, within its deadline, with what the variant answers alone.</summary>
public sealed class CentralLossTests
{
    private const int Requests = 1000;
    private const int Callers = 8;

    [Fact]
    public async Task Every_request_is_answered_while_central_comes_and_goes()
    {
        await using var farm = await TestFarm.StartAsync(FarmShape.ThreeProcesses);
        await farm.WaitForLinksAsync();
        var alone = await AnswersAloneAsync(farm);
        var answers = new ConcurrentBag<(MixedRequest Request, Answer Answer)>();
        var next = -1;

        var callers = Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < Requests; i = Interlocked.Increment(ref next))
            {
                var request = MixedRequest.At(i);
                using var outlived = new CancellationTokenSource(TimeSpan.FromSeconds(MixedRequest.DeadlineSeconds + 5));
                answers.Add((request, await farm.Http.InferJsonAsync(farm.EuWest, request.Body, cancellationToken: outlived.Token)));
            }
        })).ToArray();
        var disturbing = DisturbAsync(farm, () => answers.Count, Task.WhenAll(callers));
        await Task.WhenAll(callers);
        await disturbing;

        Assert.Equal(Requests, answers.Count);
        Assert.All(answers, a => Assert.True(a.Answer.Ok, a.Answer.Text));
        Assert.All(answers.Where(a => a.Request.Clip == "easy"), a => Assert.Equal("edge", a.Answer.Zone));
        Assert.All(answers, a => AssertIsWhatTheVariantAnswersAlone(a.Answer, alone[(a.Request.Clip, a.Answer.Variant)]));
        Assert.Equal(Requests / 10, answers.Count(a => a.Request.Private));
        Assert.All(answers.Where(a => a.Request.Private), a => Assert.Equal(("edge", false), (a.Answer.Zone, a.Answer.Escalated)));
        Assert.Contains(answers, a => a is { Request: { Clip: "unsure", Private: false }, Answer: { Zone: "edge", Degraded: true } });
        Assert.Contains(answers, a => a is { Request.Clip: "hard", Answer: { Zone: "edge", Degraded: true } });
        Assert.Contains(answers, a => a is { Request: { Clip: "unsure", Private: false }, Answer: { Zone: "cloud", Escalated: true } });
        Assert.Contains(answers, a => a is { Request.Clip: "hard", Answer: { Zone: "cloud", Escalated: false } });
        await Wait.Until(async () => (await farm.Http.InferJsonAsync(farm.EuWest, Clips.HardJson)).Zone == "cloud", "the link to heal");
    }

    [Fact]
    public async Task A_region_starts_and_serves_without_central()
    {
        using var folder = new TempFolder();
        using var http = new HttpClient();
        var cell = TestCell.Create("eu-west", TestCell.Create("central"));
        await using var silo = SiloProcess.Start(cell.Arguments(folder.Path), folder.Path);
        await silo.WaitUntilReadyAsync();

        var answer = await http.InferJsonAsync(cell, Clips.HardJson);

        Assert.Equal((true, "edge", true), (answer.Ok, answer.Zone, answer.Degraded));
    }

    private static async Task DisturbAsync(TestFarm farm, Func<int> answered, Task done)
    {
        async Task After(int count) => await Wait.Until(() => answered() >= count || done.IsCompleted, $"{count} answers", TimeSpan.FromMinutes(5));

        await After(150);
        await farm.ProcessOf(farm.Central).KillAsync();
        await After(350);
        await farm.RestartAsync(farm.Central);
        await After(550);
        farm.ProcessOf(farm.Central).Stop();
        await After(750);
        farm.ProcessOf(farm.Central).Continue();
    }

    private static async Task<Dictionary<(string Clip, string Variant), Answer>> AnswersAloneAsync(TestFarm farm)
    {
        var alone = new Dictionary<(string, string), Answer>();
        foreach (var clip in new[] { "easy", "hard", "unsure" })
        {
            foreach (var mode in new[] { "ONLY_EDGE", "ONLY_IN_CLOUD" })
            {
                var answer = await farm.Http.InferJsonAsync(farm.EuWest, OipCalls.JsonOf(Clips.AudioOf(clip), ("mode", mode)));
                Assert.True(answer.Ok, answer.Text);
                alone[(clip, answer.Variant)] = answer;
            }
        }

        return alone;
    }

    private static void AssertIsWhatTheVariantAnswersAlone(Answer answer, Answer alone)
    {
        Assert.Equal(alone.Label, answer.Label);
        Assert.Equal(alone.Confidence, answer.Confidence, 3);
    }
}
