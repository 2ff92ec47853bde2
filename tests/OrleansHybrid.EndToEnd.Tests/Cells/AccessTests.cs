using System.Net;
using System.Net.Http.Headers;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Cells;

/// <summary>With <c>--auth required</c> nothing but health is told to a caller without a key.</summary>
public sealed class AccessTests
{
    private static readonly string[] Closed = ["/metrics", "/openapi/v1.json", "/v1/models", "/v1/nodes", "/v1/limits", "/v2/models/keyword", "/v2"];
    private static readonly string[] Open = ["/health/live", "/v2/health/live", "/v2/health/ready"];

    [Fact]
    public async Task A_cell_that_requires_keys_answers_only_those_who_have_one()
    {
        using var folder = new TempFolder();
        using var http = new HttpClient();
        var cell = TestCell.Create("central");
        await using var silo = SiloProcess.Start([.. cell.Arguments(folder.Path), "--auth", "required"], folder.Path);
        await silo.WaitUntilReadyAsync();

        foreach (var path in Closed) Assert.Equal((path, HttpStatusCode.Unauthorized), (path, await StatusAsync(http, cell, path)));
        foreach (var path in Open) Assert.Equal((path, HttpStatusCode.OK), (path, await StatusAsync(http, cell, path)));
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.InferJsonAsync(cell, Clips.EasyJson)).Status);

        var key = (await File.ReadAllTextAsync(Path.Combine(cell.DataFolder(folder.Path), "operator.key"))).Trim();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        foreach (var path in Closed) Assert.Equal((path, HttpStatusCode.OK), (path, await StatusAsync(http, cell, path)));
        Assert.True((await http.InferJsonAsync(cell, Clips.EasyJson)).Ok);
    }

    [Fact]
    public async Task A_region_with_the_link_key_escalates_to_a_cell_that_requires_keys()
    {
        using var folder = new TempFolder();
        using var http = new HttpClient();
        var central = TestCell.Create("central");
        await using var above = SiloProcess.Start([.. central.Arguments(folder.Path), "--auth", "required"], folder.Path);
        await above.WaitUntilReadyAsync();
        var key = (await File.ReadAllTextAsync(Path.Combine(central.DataFolder(folder.Path), "link.key"))).Trim();
        var region = TestCell.Create("eu-west");
        await using var below = SiloProcess.Start([.. region.Arguments(folder.Path), "--upstream", $"http://{key}@127.0.0.1:{central.Grpc}"], folder.Path);
        await below.WaitUntilReadyAsync();

        await Wait.Until(async () => (await http.InferJsonAsync(region, Clips.HardJson)).Zone == "cloud", "the region to escalate");

        Assert.DoesNotContain(key, below.Output + below.Log + await http.GetStringAsync($"{region.HttpUrl}/v1/links"));
    }

    [Fact]
    public async Task The_gRPC_port_serves_no_REST()
    {
        using var folder = new TempFolder();
        using var http = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var cell = TestCell.Create("central");
        await using var silo = SiloProcess.Start(cell.Arguments(folder.Path), folder.Path);
        await silo.WaitUntilReadyAsync();

        foreach (var path in new[] { "/v1/models", "/metrics" }) Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(cell.GrpcUrl + path)).StatusCode);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, TestCell cell, string path)
    {
        using var answer = await http.GetAsync(cell.HttpUrl + path);
        return answer.StatusCode;
    }
}
