using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Models;

/// <summary>Loading and unloading through a running cell, by the operator alone, and what the admin API then shows.</summary>
public abstract class RepositoryChangeTests(FarmFixture fixture)
{
    private const string Model = "vibration";
    private readonly TestFarm farm = fixture.Farm;

    [Fact]
    public async Task The_operator_unloads_and_loads_in_one_cell_alone()
    {
        Assert.Equal(HttpStatusCode.Forbidden, await ChangeAsync("unload", null));
        Assert.Equal("ready", await StateAsync(farm.UsEast));

        Assert.Equal(HttpStatusCode.OK, await ChangeAsync("unload", farm.OperatorKeyOf(farm.UsEast)));
        Assert.Equal("unavailable", await StateAsync(farm.UsEast));
        Assert.Equal("ready", await StateAsync(farm.EuWest));

        Assert.Equal(HttpStatusCode.OK, await ChangeAsync("load", farm.OperatorKeyOf(farm.UsEast)));
        Assert.Equal("ready", await StateAsync(farm.UsEast));
    }

    [Fact]
    public async Task The_admin_API_describes_its_routes_and_lists_every_bound()
    {
        using var description = JsonDocument.Parse(await farm.Http.GetStringAsync($"{farm.EuWest.HttpUrl}/openapi/v1.json"));
        using var limits = JsonDocument.Parse(await farm.Http.GetStringAsync($"{farm.EuWest.HttpUrl}/v1/limits"));

        var paths = description.RootElement.GetProperty("paths").EnumerateObject().Select(p => p.Name).ToArray();
        foreach (var path in new[] { "/v1/models", "/v1/versions", "/v1/nodes", "/v1/egress", "/v1/ledger", "/v1/limits", "/v1/links", "/v1/health" }) Assert.Contains(path, paths);
        var bounds = limits.RootElement.GetProperty("limits").EnumerateArray().ToArray();
        Assert.All(bounds, l => Assert.NotEqual("", l.GetProperty("unit").GetString()));
        Assert.Contains(bounds, l => l.GetProperty("limit").GetString() == "RequestBytesMax" && l.GetProperty("reason").GetString()!.Length > 0);
    }

    private async Task<HttpStatusCode> ChangeAsync(string verb, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{farm.UsEast.HttpUrl}/v2/repository/models/{Model}/{verb}");
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await farm.Http.SendAsync(request);
        return answer.StatusCode;
    }

    private async Task<string?> StateAsync(TestCell cell)
    {
        using var models = JsonDocument.Parse(await farm.Http.GetStringAsync($"{cell.HttpUrl}/v1/models"));
        return models.RootElement.EnumerateArray().Single(m => m.GetProperty("model").GetString() == Model).GetProperty("versions")[0].GetProperty("state").GetString();
    }
}

[Collection(OneProcess.Name)]
public sealed class RepositoryChangeInOneProcess(OneProcessFarm farm) : RepositoryChangeTests(farm);

[Collection(ThreeProcesses.Name)]
public sealed class RepositoryChangeInThreeProcesses(ThreeProcessFarm farm) : RepositoryChangeTests(farm);
