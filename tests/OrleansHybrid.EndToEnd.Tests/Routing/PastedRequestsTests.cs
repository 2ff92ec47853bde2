using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Routing;

/// <summary>The two requests that the start prints, over every form of the protocol.</summary>
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
    public async Task A_hard_clip_goes_to_the_cloud_over_every_form()
    {
        await farm.WaitForLinksAsync();
        Answer[] answers =
        [
            await farm.Http.InferJsonAsync(farm.EuWest, Clips.HardJson),
            await farm.Http.InferRawAsync(farm.EuWest, Clips.HardAudio),
            await OipCalls.InferGrpcAsync(farm.EuWest, Clips.HardAudio),
        ];

        Assert.All(answers, a => Assert.Equal((true, "cloud", "central", "large", true, false), (a.Ok, a.Zone, a.Cell, a.Variant, a.Escalated, a.Degraded)));
        AssertSame(answers);
    }

    [Fact]
    public async Task Both_regions_and_central_answer_for_themselves()
    {
        Assert.Equal("us-east", (await farm.Http.InferJsonAsync(farm.UsEast, Clips.EasyJson)).Cell);
        Assert.Equal("central", (await farm.Http.InferJsonAsync(farm.Central, Clips.EasyJson)).Cell);
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
