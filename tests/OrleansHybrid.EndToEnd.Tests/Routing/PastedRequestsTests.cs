using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Routing;

/// <summary>The sample requests, over every form of the protocol.</summary>
public abstract class PastedRequestsTests(FarmFixture fixture)
{
    private readonly TestFarm farm = fixture.Farm;

    [Fact]
    public async Task An_easy_clip_is_answered_at_the_edge_over_every_form()
    {
        await farm.WaitForLinksAsync();
        Answer[] answers =
        [
            await farm.Http.InferJsonAsync(farm.EuWest, Clips.EasyJson),
            await farm.Http.InferRawAsync(farm.EuWest, Clips.EasyAudio),
            await OipCalls.InferGrpcAsync(farm.EuWest, Clips.EasyAudio),
        ];

        Assert.All(answers, a => Assert.Equal((true, "edge", "eu-west", "tiny-int8", false, false), (a.Ok, a.Zone, a.Cell, a.Variant, a.Escalated, a.Degraded)));
        AssertSame(answers);
    }

    [Fact]
    public async Task A_clip_that_the_edge_is_unsure_of_escalates_over_every_form()
    {
        await farm.WaitForLinksAsync();
        Answer[] answers =
        [
            await farm.Http.InferJsonAsync(farm.EuWest, Clips.UnsureJson),
            await farm.Http.InferRawAsync(farm.EuWest, Clips.UnsureAudio),
            await OipCalls.InferGrpcAsync(farm.EuWest, Clips.UnsureAudio),
        ];

        Assert.All(answers, a => Assert.Equal((true, "cloud", "central", "large", true, false), (a.Ok, a.Zone, a.Cell, a.Variant, a.Escalated, a.Degraded)));
        AssertSame(answers);
    }

    /// <summary>The verdict is waited for a few milliseconds only, so that a starved machine may route without it: hence the bound wait.</summary>
    [Fact]
    public async Task A_hard_clip_goes_to_the_cloud_first_over_every_form()
    {
        await farm.WaitForLinksAsync();
        Answer[] answers =
        [
            await SentFirstAsync(() => farm.Http.InferJsonAsync(farm.EuWest, Clips.HardJson)),
            await SentFirstAsync(() => farm.Http.InferRawAsync(farm.EuWest, Clips.HardAudio)),
            await SentFirstAsync(() => OipCalls.InferGrpcAsync(farm.EuWest, Clips.HardAudio)),
        ];

        Assert.All(answers, a => Assert.Equal((true, "cloud", "central", "large", false, false), (a.Ok, a.Zone, a.Cell, a.Variant, a.Escalated, a.Degraded)));
        AssertSame(answers);
    }

    [Fact]
    public async Task A_hard_clip_that_must_not_leave_the_region_is_answered_there()
    {
        await farm.WaitForLinksAsync();
        var answer = await farm.Http.InferRawAsync(farm.EuWest, Clips.HardAudio, headers: ("hybrid-privacy", "edge"));

        Assert.Equal((true, "edge", "edge=chosen:only;cloud=excluded:ceiling"), (answer.Ok, answer.Zone, answer.Reason));
    }

    [Fact]
    public async Task A_hard_clip_explains_itself_by_its_verdict()
    {
        await farm.WaitForLinksAsync();
        var answer = await SentFirstAsync(() => farm.Http.InferRawAsync(farm.EuWest, Clips.HardAudio, headers: ("hybrid-explain", "true")));

        Assert.Contains("hard_from", answer.Text);
        Assert.Contains("classifier", answer.Text);
    }

    [Fact]
    public async Task Both_regions_and_central_answer_for_themselves()
    {
        Assert.Equal("us-east", (await farm.Http.InferJsonAsync(farm.UsEast, Clips.EasyJson)).Cell);
        Assert.Equal("central", (await farm.Http.InferJsonAsync(farm.Central, Clips.EasyJson)).Cell);
    }

    private static async Task<Answer> SentFirstAsync(Func<Task<Answer>> ask)
    {
        Answer? answer = null;
        await Wait.Until(async () => (answer = await ask()).Reason == "edge=fallback:objective;cloud=chosen:hard", "the classifier's verdict to decide");
        return answer!;
    }

    private static void AssertSame(Answer[] answers)
    {
        Assert.Single(answers.Select(a => a.Label).Distinct());
        Assert.All(answers, a => Assert.Equal(answers[0].Confidence, a.Confidence, 4));
        Assert.All(answers, a => Assert.Contains("edge=", a.Reason));
    }
}

[Collection(OneProcess.Name)]
public sealed class PastedRequestsInOneProcess(OneProcessFarm farm) : PastedRequestsTests(farm);

[Collection(ThreeProcesses.Name)]
public sealed class PastedRequestsInThreeProcesses(ThreeProcessFarm farm) : PastedRequestsTests(farm);
