using System.Net;
using System.Text;
using System.Text.Json;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Routing;

/// <summary>What a region remembers of its requests, over kill -9 too, and what another policy would have done with them.</summary>
public sealed class DecisionTests
{
    private const string StayHere = """
        policy: stay
        revision: 2
        rules:
          - id: D01
            when: { model: keyword }
            set: { mode: ONLY_EDGE }
            because: Nothing leaves the region.
            owner: trial
        """;

    [Fact]
    public async Task Decisions_and_crossings_are_listed_replayed_and_survive_kill_9()
    {
        await using var farm = await TestFarm.StartAsync(FarmShape.ThreeProcesses);
        await farm.WaitForLinksAsync();
        var unsure = await farm.Http.InferRawAsync(farm.EuWest, Clips.UnsureAudio, headers: [("hybrid-tag-room", "kitchen")]);
        Assert.Equal(("cloud", true), (unsure.Zone, unsure.Escalated));
        Assert.Equal("edge", (await farm.Http.InferRawAsync(farm.EuWest, Clips.EasyAudio)).Zone);
        Assert.Equal(HttpStatusCode.Forbidden, (await farm.Http.InferRawAsync(farm.EuWest, Clips.EasyAudio, headers: [("hybrid-privacy", "device")])).Status);
        Assert.False((await farm.Http.InferRawAsync(farm.EuWest, Clips.EasyAudio, headers: [("hybrid-mode", "ONLY_ON_DEVICE")])).Ok);

        await CheckDecisionsAsync(farm, unsure);
        await CheckReplayAsync(farm);
        var egress = (await GetAsync(farm, "egress?to=central&model=keyword")).GetProperty("records");
        Assert.Equal(1, egress.GetArrayLength());

        await Wait.Until(async () => (await farm.Http.GetStringAsync($"{farm.EuWest.HttpUrl}/metrics")).Contains("hybrid_records_saved_total{cell=\"eu-west\",store=\"decisions\"} 3", StringComparison.Ordinal), "the records to reach the disk");
        await farm.ProcessOf(farm.EuWest).KillAsync();
        await farm.RestartAsync(farm.EuWest);
        Assert.Equal(egress.GetRawText(), (await GetAsync(farm, "egress")).GetProperty("records").GetRawText());
        await CheckDecisionsAsync(farm, unsure);
    }

    private static async Task CheckDecisionsAsync(TestFarm farm, Answer unsure)
    {
        var all = await GetAsync(farm, "decisions");
        Assert.Equal(["refused", "first", "first"], Texts(all, "kept"));
        Assert.DoesNotContain($"\"{unsure.Label}\"", all.GetRawText(), StringComparison.Ordinal);
        var one = Assert.Single((await GetAsync(farm, "decisions?zone=cloud&rule=floor&model=keyword&tenant=default")).GetProperty("records").EnumerateArray().ToArray());
        Assert.Equal(unsure.Reason, one.GetProperty("plan").GetProperty("reason").GetString());
        Assert.Equal("kitchen", one.GetProperty("ask").GetProperty("tags").GetProperty("room").GetString());
        Assert.Equal([true, true], one.GetProperty("plan").GetProperty("attempts").EnumerateArray().Take(2).Select(a => a.GetProperty("ran").GetBoolean()));
        var egress = (await GetAsync(farm, "egress")).GetProperty("records")[0];
        Assert.Equal(egress.GetProperty("request_id").GetString(), one.GetProperty("request_id").GetString());
        Assert.Equal(0, (await GetAsync(farm, "decisions?tenant=other")).GetProperty("records").GetArrayLength());
        var page = await GetAsync(farm, "decisions?rows=1");
        Assert.Equal(2, (await GetAsync(farm, $"decisions?after={page.GetProperty("next").GetInt64()}")).GetProperty("records").GetArrayLength());
    }

    private static async Task CheckReplayAsync(TestFarm farm)
    {
        var (status, report) = await ReplayAsync(farm, new StringContent(JsonSerializer.Serialize(new { policy = StayHere }), Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((3, 3, 3d), (report.GetProperty("records").GetInt32(), report.GetProperty("replayed").GetInt32(), report.GetProperty("changed").GetDouble()));
        Assert.Equal(["edge 1 3", "cloud 1 0", "refused 1 0"], report.GetProperty("zones").EnumerateArray().Select(z => $"{z.GetProperty("zone").GetString()} {z.GetProperty("before").GetDouble()} {z.GetProperty("after").GetDouble()}"));
        Assert.Equal(1, report.GetProperty("ceilings").GetProperty("crossings_gone").GetDouble());

        var (yamlStatus, yaml) = await ReplayAsync(farm, new StringContent(StayHere, Encoding.UTF8, "application/yaml"), "?limit=1");
        Assert.Equal((HttpStatusCode.OK, 1), (yamlStatus, yaml.GetProperty("records").GetInt32()));
        var (bad, errors) = await ReplayAsync(farm, new StringContent(StayHere.Replace("ONLY_EDGE", "ONLY_EGDE", StringComparison.Ordinal), Encoding.UTF8, "application/yaml"));
        Assert.Equal(HttpStatusCode.BadRequest, bad);
        Assert.Contains("ONLY_EGDE", errors.GetProperty("errors")[0].GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await ReplayAsync(farm, new StringContent("{\"since\":\"now\"}", Encoding.UTF8, "application/json"))).Status);
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> ReplayAsync(TestFarm farm, HttpContent content, string query = "")
    {
        using var answer = await farm.Http.PostAsync($"{farm.EuWest.HttpUrl}/v1/routes:replay{query}", content);
        return (answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }

    private static async Task<JsonElement> GetAsync(TestFarm farm, string path) =>
        JsonDocument.Parse(await farm.Http.GetStringAsync($"{farm.EuWest.HttpUrl}/v1/{path}")).RootElement;

    private static IEnumerable<string?> Texts(JsonElement page, string name) => page.GetProperty("records").EnumerateArray().Select(r => r.GetProperty(name).GetString());
}
