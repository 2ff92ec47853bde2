using System.Net;
using System.Net.Http.Headers;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Routing;

/// <summary>Cutting and healing the link to the cell above, as an operator does for a trial.</summary>
public abstract class LinkCutTests(FarmFixture fixture)
{
    private readonly TestFarm farm = fixture.Farm;

    [Fact]
    public async Task A_cut_link_makes_the_region_answer_alone_and_heals()
    {
        await farm.WaitForLinksAsync();

        Assert.Equal(HttpStatusCode.OK, await SwitchAsync("cut", farm.OperatorKeyOf(farm.EuWest)));
        await Wait.Until(async () => (await farm.Http.InferJsonAsync(farm.EuWest, Clips.HardJson)).Zone == "edge", "the region to answer alone");
        var alone = await farm.Http.InferJsonAsync(farm.EuWest, Clips.HardJson);
        Assert.Equal((true, true, false), (alone.Ok, alone.Degraded, alone.Escalated));

        Assert.Equal(HttpStatusCode.OK, await SwitchAsync("heal", farm.OperatorKeyOf(farm.EuWest)));
        await Wait.Until(async () => (await farm.Http.InferJsonAsync(farm.EuWest, Clips.HardJson)).Zone == "cloud", "the link to be used again");
    }

    [Fact]
    public async Task Only_the_operator_cuts()
    {
        Assert.Equal(HttpStatusCode.Forbidden, await SwitchAsync("cut", null));
        Assert.Equal(HttpStatusCode.Unauthorized, await SwitchAsync("cut", "wrong"));
        Assert.Equal(HttpStatusCode.Unauthorized, await SwitchAsync("cut", farm.OperatorKeyOf(farm.Central)));
    }

    private async Task<HttpStatusCode> SwitchAsync(string verb, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{farm.EuWest.HttpUrl}/v1/links/central:{verb}");
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await farm.Http.SendAsync(request);
        return answer.StatusCode;
    }
}

[Collection(OneProcess.Name)]
public sealed class LinkCutInOneProcess(OneProcessFarm farm) : LinkCutTests(farm);

[Collection(ThreeProcesses.Name)]
public sealed class LinkCutInThreeProcesses(ThreeProcessFarm farm) : LinkCutTests(farm);
