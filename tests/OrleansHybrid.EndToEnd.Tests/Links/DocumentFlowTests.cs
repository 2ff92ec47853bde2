using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansHybrid.Client.Orleans;
using OrleansHybrid.Contracts;
using OrleansHybrid.Domain.Documents;
using OrleansHybrid.EndToEnd.Tests.Harness;
using OrleansHybrid.Grains.Tests.Routing;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Links;

/// <summary>What the farm's authority signs reaches a region, and stays there with everything above it gone.</summary>
public sealed class DocumentFlowTests
{
    private const string Latest = "{\"latest\":1}";
    private const string Drifts = "{\"reason\":\"It drifts.\"}";
    private readonly DocumentSigner signer = new();

    [Fact]
    public async Task Signed_catalogue_and_policy_reach_the_region_and_outlive_central_restart_and_expiry()
    {
        using var folder = new TempFolder();
        using var http = new HttpClient();
        var central = TestCell.Create("central");
        var region = TestCell.Create("eu-west", central);
        await using var above = SiloProcess.Start(central.Arguments(folder.Path), folder.Path);
        await above.WaitUntilReadyAsync();
        await using (var below = SiloProcess.Start(region.Arguments(folder.Path), folder.Path))
        {
            await below.WaitUntilReadyAsync();
            await EndorseAsync(http, central, folder);
            await PublishAsync(http, central, folder);
            await Wait.Until(async () => (await http.GetStringAsync($"{region.HttpUrl}/v1/catalogue")).Contains("\"desired\":[2]", StringComparison.Ordinal), "the catalogue in the region");
            await Wait.Until(async () => (string?)(await JsonAsync(http, region, "policies"))["current"]?["by"] == "central", "central's policy in the region");
            await BlockAsync(http, central, region, folder);
        }

        await above.KillAsync();
        var month = new Dictionary<string, string> { ["HYBRID_CLOCK_OFFSET"] = "31.00:00:00" };
        await using var later = SiloProcess.Start(region.Arguments(folder.Path), folder.Path, month);
        await later.WaitUntilReadyAsync();

        var documents = (await JsonAsync(http, region, "documents"))["documents"]!.AsArray();
        Assert.Equal(2, documents.Count);
        Assert.All(documents, d => Assert.True((bool)d!["expired"]!));
        Assert.Contains("\"desired\":[1]", await http.GetStringAsync($"{region.HttpUrl}/v1/catalogue"), StringComparison.Ordinal);
        Assert.Contains("hybrid_document_expires_seconds{document=\"catalogue/keyword\"} -", await http.GetStringAsync($"{region.HttpUrl}/metrics"), StringComparison.Ordinal);
        await Wait.Until(() => later.Log.Contains("It goes on being served, and no wave starts by it.", StringComparison.Ordinal), "the alarm in the log");
        Assert.True((await http.InferJsonAsync(region, Clips.EasyJson)).Ok);
    }

    /// <summary>Says what is missing at each step, until nothing is.</summary>
    private async Task EndorseAsync(HttpClient http, TestCell central, TempFolder folder)
    {
        var key = await JsonAsync(http, central, "documents/key");
        var (pem, farm) = ((string)key["public_key"]!, (string)key["farm"]!);
        var endorsement = Encoding.UTF8.GetString(signer.Endorse(pem, farm));
        Assert.Contains("No publisher is known here", (await SendAsync(http, HttpMethod.Put, central, folder, "models/keyword/policy", Latest)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(http, HttpMethod.Put, central, folder, "documents/endorsement", endorsement)).Status);

        signer.WritePublisher(Path.Combine(folder.Path, "state", "publishers"));
        Assert.Contains("hybrid keys endorse", (await SendAsync(http, HttpMethod.Put, central, folder, "models/keyword/policy", Latest)).Text, StringComparison.Ordinal);
        var foreign = Encoding.UTF8.GetString(signer.Endorse(pem, DocumentSigner.OtherFarm));
        Assert.Contains("it is for the farm", (await SendAsync(http, HttpMethod.Put, central, folder, "documents/endorsement", foreign)).Text, StringComparison.Ordinal);

        var (status, text) = await SendAsync(http, HttpMethod.Put, central, folder, "documents/endorsement", endorsement);
        Assert.Equal((HttpStatusCode.OK, signer.Publisher.KeyId), (status, (string?)JsonNode.Parse(text)!["endorsements"]?[0]?["publisher"]));
    }

    private static async Task PublishAsync(HttpClient http, TestCell central, TempFolder folder)
    {
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(http, HttpMethod.Post, central, folder, "policies", PolicySample.Good, "application/yaml")).Status);

        // By the grain alone, as after a silo that died before it published: the duty makes up for it.
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddOrleansHybridClient(o =>
        {
            o.Cell = central.Name;
            o.Gateways = [FormattableString.Invariant($"127.0.0.1:{central.Gateway}")];
        });
        using var host = builder.Build();
        await host.StartAsync();
        var model = host.Services.GetRequiredService<IClusterClient>().GetModel("keyword");
        foreach (var version in new[] { 1, 2 }) Assert.Equal(CatalogueVerdict.Changed, (await model.AddVersionAsync(DocumentSigner.Version(version), default)).Verdict);
        await host.StopAsync();
    }

    private static async Task BlockAsync(HttpClient http, TestCell central, TestCell region, TempFolder folder)
    {
        var refused = await SendAsync(http, HttpMethod.Post, region, folder, "models/keyword/versions/2:block", Drifts);
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Contains("This is changed at the cell above", refused.Text, StringComparison.Ordinal);

        var done = await SendAsync(http, HttpMethod.Post, central, folder, "models/keyword/versions/2:block", Drifts);
        Assert.True(done.Status == HttpStatusCode.OK, done.Text);
        await Wait.Until(async () => (await http.GetStringAsync($"{region.HttpUrl}/v1/catalogue")).Contains("\"desired\":[1]", StringComparison.Ordinal), "the block in the region");
        Assert.Equal(1, (int?)(await JsonAsync(http, region, "models/keyword/policy"))["latest"]);
    }

    private static async Task<JsonNode> JsonAsync(HttpClient http, TestCell cell, string path) => JsonNode.Parse(await http.GetStringAsync($"{cell.HttpUrl}/v1/{path}"))!;

    private static async Task<(HttpStatusCode Status, string Text)> SendAsync(HttpClient http, HttpMethod method, TestCell cell, TempFolder folder, string path, string body, string type = "application/json")
    {
        var key = (await File.ReadAllTextAsync(Path.Combine(cell.DataFolder(folder.Path), "operator.key"))).Trim();
        using var request = new HttpRequestMessage(method, $"{cell.HttpUrl}/v1/{path}") { Content = new StringContent(body, Encoding.UTF8, type) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
