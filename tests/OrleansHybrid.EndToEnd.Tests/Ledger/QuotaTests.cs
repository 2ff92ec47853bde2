using System.Net;
using System.Text;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Ledger;

/// <summary>Quotas as a caller meets them.</summary>
public sealed class QuotaTests
{
    private const int PerMinute = 5;

    private const string Policy = """
        policy: quota-test
        revision: 1
        quotas: [{ tenant: default, requests_per_minute: 5, owner: finance }]
        """;

    /// <summary>The minute may turn once while the test runs: of three quotas' worth of requests one is refused at least.</summary>
    [Fact]
    public async Task Used_up_minute_is_429_with_the_rest_of_it_to_wait()
    {
        using var folder = new TempFolder();
        using var http = new HttpClient();
        await File.WriteAllTextAsync(folder.Sub("policy.yaml"), Policy);
        var cell = TestCell.Create("central");
        await using var silo = SiloProcess.Start([.. cell.Arguments(folder.Path), "--policy", folder.Sub("policy.yaml")], folder.Path);
        await silo.WaitUntilReadyAsync();

        var answers = new List<HttpResponseMessage>();
        for (var i = 0; i < PerMinute * 3; i++)
        {
            using var content = new StringContent(Clips.EasyJson, Encoding.UTF8, "application/json");
            answers.Add(await http.PostAsync($"{cell.HttpUrl}/v2/models/{Clips.Model}/infer", content));
        }

        var refused = answers.Where(a => a.StatusCode == HttpStatusCode.TooManyRequests).ToArray();
        Assert.InRange(refused.Length, PerMinute, answers.Count - 1);
        Assert.All(answers.Except(refused), a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        Assert.All(refused, a => Assert.InRange(a.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)));
        Assert.Contains("requests of this minute. Wait, or ask finance for more.", await refused[^1].Content.ReadAsStringAsync());
    }
}
