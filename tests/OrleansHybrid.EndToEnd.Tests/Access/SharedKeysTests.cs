using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Access;

/// <summary>The silos of one cell know the same keys, and go on knowing them without their store.</summary>
public sealed class SharedKeysTests
{
    [SkippableFact]
    public async Task Key_made_on_one_silo_opens_the_other_until_it_is_revoked_and_a_hung_store_changes_nothing()
    {
        Skip.If(RedisServer.Program is null, "redis-server is not installed");
        await using var redis = await RedisServer.StartAsync();
        using var folder = new TempFolder();
        using var http = new HttpClient { Timeout = Wait.Long };
        var first = TestCell.Create("eu-west") with { Store = redis.Address, Data = folder.Sub("first") };
        var second = TestCell.Create("eu-west") with { Store = redis.Address, Data = folder.Sub("second") };
        await using var one = SiloProcess.Start([.. first.Arguments(folder.Path), "--auth", "required"], folder.Path);
        await one.WaitUntilReadyAsync();
        await using var two = SiloProcess.Start([.. second.Arguments(folder.Path), "--auth", "required"], folder.Path);
        await two.WaitUntilReadyAsync();
        var operatorKey = (await File.ReadAllTextAsync(Path.Combine(first.DataFolder(folder.Path), "operator.key"))).Trim();

        var ended = await MakeAsync(http, first, operatorKey);
        var kept = await MakeAsync(http, first, operatorKey);
        await Wait.Until(async () => await StatusAsync(http, second, ended) == HttpStatusCode.OK, "the other silo to know the key");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, first, ended));

        using (var revoking = Request(HttpMethod.Delete, $"{first.HttpUrl}/v1/keys/{ended.Split('_')[1]}", operatorKey)) (await http.SendAsync(revoking)).EnsureSuccessStatusCode();
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, first, ended));
        await Wait.Until(async () => await StatusAsync(http, second, ended) == HttpStatusCode.Unauthorized, "the other silo to hear of it");

        redis.Freeze();

        foreach (var silo in new[] { first, second })
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, silo, kept));
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, silo, ended));
        }

        using var making = Request(HttpMethod.Post, first.HttpUrl + "/v1/keys", operatorKey);
        making.Content = JsonContent.Create(new { tenant = "free", roles = new[] { "viewer" } });
        using var refused = await http.SendAsync(making);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("The key was not made", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static HttpRequestMessage Request(HttpMethod method, string url, string key)
    {
        var request = new HttpRequestMessage(method, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return request;
    }

    private static async Task<string> MakeAsync(HttpClient http, TestCell cell, string operatorKey)
    {
        using var request = Request(HttpMethod.Post, cell.HttpUrl + "/v1/keys", operatorKey);
        request.Content = JsonContent.Create(new { tenant = "free", roles = new[] { "viewer" } });
        using var answer = await http.SendAsync(request);
        using var made = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return made.RootElement.GetProperty("key").GetString()!;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, TestCell cell, string key)
    {
        using var request = Request(HttpMethod.Get, cell.HttpUrl + "/v1/health", key);
        using var answer = await http.SendAsync(request);
        return answer.StatusCode;
    }
}
