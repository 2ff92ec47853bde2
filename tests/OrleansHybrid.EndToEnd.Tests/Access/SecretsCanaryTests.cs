using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Grpc.Core;
using OrleansHybrid.Domain.Ledger;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Access;

/// <summary>Keys and the values of private tags are found nowhere: no log at any level, no trace, no metric, no answer, no file, and not on the wire to central.</summary>
public sealed class SecretsCanaryTests
{
    private const string Policy = """
        policy: canary
        revision: 1
        private_tags: [patient]
        rules:
          - id: R01
            when: { model: keyword, tags: { patient: nobody } }
            set: { privacy: edge }
            because: Rules look at private tags too.
            owner: tests
        """;

    private const string PrivateTag = "pq7x-canary-of-a-patient-0451";
    private const string PublicTag = "kz3m-canary-of-a-room-7702";
    private const string WrongKey = "wv9c-canary-of-a-wrong-key-6618";
    private const int Rounds = 3;

    private static readonly string[] Views = ["/metrics", "/v1/egress", "/v1/decisions", "/v1/versions", "/v1/nodes", "/v1/links", "/v1/keys", "/v1/ledger", "/openapi/v1.json"];

    private static readonly Dictionary<string, string> Debug = new()
    {
        ["Logging__LogLevel__Default"] = "Debug", ["Logging__LogLevel__OrleansHybrid"] = "Debug", ["Logging__LogLevel__Microsoft"] = "Debug",
    };

    [Fact]
    public async Task Keys_and_private_tags_leave_no_mark()
    {
        using var folder = new TempFolder();
        using var http = new HttpClient { Timeout = Wait.Long };
        await using var traces = TraceCollector.Start();
        var environment = Debug.Concat(traces.Environment).ToDictionary();
        var (central, policy) = (TestCell.Create("central"), folder.Sub("policy.yaml"));
        await File.WriteAllTextAsync(policy, Policy);
        await using var above = SiloProcess.Start([.. central.Arguments(folder.Path), "--auth", "required"], folder.Path, environment);
        await above.WaitUntilReadyAsync();
        await using var wire = RecordingProxy.To(central.Grpc);
        var (linkKey, operatorOfCentral) = (KeyOf(central, folder, "link.key"), KeyOf(central, folder, "operator.key"));
        var region = TestCell.Create("eu-west");
        await using var below = SiloProcess.Start(
            [.. region.Arguments(folder.Path), "--auth", "required", "--policy", policy, "--upstream", FormattableString.Invariant($"http://{linkKey}@127.0.0.1:{wire.Port}")], folder.Path, environment);
        await below.WaitUntilReadyAsync();
        var operatorKey = KeyOf(region, folder, "operator.key");

        var key = await MakeKeyAsync(http, region, operatorKey);
        await UseAsync(http, region, key);
        await RevokeAsync(http, region, operatorKey, key);

        var secrets = new Dictionary<string, Canary>
        {
            ["the API key"] = Canary.OfText(key[^(2 * ApiKeyText.SecretBytes)..]), ["the operator key"] = Canary.OfText(operatorKey), ["central's operator key"] = Canary.OfText(operatorOfCentral),
            ["the link key"] = Canary.OfText(linkKey), ["the private tag"] = Canary.OfText(PrivateTag), ["a wrong key"] = Canary.OfText(WrongKey),
        };
        var found = new List<string>();
        void Look(string where, byte[] bytes, string? except = null) => found.AddRange(secrets.Where(s => s.Key != except && s.Value.IsIn(bytes)).Select(s => $"{s.Key} in {where}"));

        // A link's own credential travels, and a public tag does: the wire is really looked at.
        var sent = wire.Take();
        Assert.True(Canary.OfText(PublicTag).IsIn(sent), "nothing went up the wire");
        Look("the wire to central", sent, except: "the link key");
        foreach (var view in Views) Look($"{view} of the region", await ReadAsync(http, region, operatorKey, view));
        foreach (var view in Views) Look($"{view} of central", await ReadAsync(http, central, operatorOfCentral, view));
        Look("the traces", traces.Take());
        foreach (var process in new[] { above, below }) process.Terminate();
        foreach (var process in new[] { above, below }) await process.WaitForExitAsync();
        Assert.Contains(" debug ", below.Log, StringComparison.Ordinal);
        Look("the region's log", Encoding.UTF8.GetBytes(below.Log + below.Output));
        Look("central's log", Encoding.UTF8.GetBytes(above.Log + above.Output));
        var hashSeen = false;
        foreach (var file in Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".key", StringComparison.Ordinal)))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            hashSeen |= Canary.OfText(ApiKeyText.HashOf(key)).IsIn(bytes);
            Look(file, bytes);
        }

        Assert.True(hashSeen, "the key's hash is in no file, so the store was not looked at");
        Assert.True(found.Count == 0, string.Join('\n', found.Distinct()));
    }

    /// <summary>Hard clips go up; wrong shapes, unknown models and wrong keys make errors that could quote what came.</summary>
    private static async Task UseAsync(HttpClient http, TestCell region, string key)
    {
        using var caller = new HttpClient { Timeout = Wait.Long };
        caller.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        (string, string)[] tags = [("hybrid-tag-patient", PrivateTag), ("hybrid-tag-room", PublicTag)];
        await Wait.Until(async () => (await caller.InferRawAsync(region, Clips.HardAudio, Clips.Model, tags)).Zone == "cloud", "the hard clip to go up");
        for (var i = 0; i < Rounds; i++)
        {
            Assert.True((await caller.InferJsonAsync(region, OipCalls.JsonOf(Clips.HardAudio, ("tag_patient", PrivateTag), ("tag_room", PublicTag), ("explain", true)))).Ok);
            Assert.Equal("cloud", (await OipCalls.InferGrpcAsync(region, Clips.HardAudio, r => r.Parameters["tag_patient"] = new() { StringParam = PrivateTag }, key)).Zone);
            Assert.False((await caller.InferRawAsync(region, Clips.HardAudio[..^7], Clips.Model, tags)).Ok);
            Assert.False((await caller.InferRawAsync(region, Clips.HardAudio, "unknown", tags)).Ok);
            Assert.Equal(HttpStatusCode.Forbidden, (await caller.PostAsJsonAsync(region.HttpUrl + "/v1/keys", new { tenant = "x", roles = new[] { "infer" } })).StatusCode);
            using var explain = await caller.PostAsJsonAsync(region.HttpUrl + "/v1/routes:explain", new { model = Clips.Model, parameters = new { tag_patient = PrivateTag } });
            Assert.Equal(HttpStatusCode.OK, explain.StatusCode);
            Assert.DoesNotContain(PrivateTag, await explain.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            using var wrong = new HttpRequestMessage(HttpMethod.Get, region.HttpUrl + "/v1/models");
            wrong.Headers.Authorization = new AuthenticationHeaderValue("Bearer", WrongKey);
            using var refused = await http.SendAsync(wrong);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.DoesNotContain(WrongKey, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            var rpc = await Assert.ThrowsAsync<RpcException>(() => OipCalls.InferGrpcAsync(region, Clips.HardAudio, key: WrongKey));
            Assert.DoesNotContain(WrongKey, rpc.ToString(), StringComparison.Ordinal);
        }
    }

    private static string KeyOf(TestCell cell, TempFolder folder, string file) => File.ReadAllText(Path.Combine(cell.DataFolder(folder.Path), file)).Trim();

    private static async Task<string> MakeKeyAsync(HttpClient http, TestCell cell, string operatorKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, cell.HttpUrl + "/v1/keys") { Content = JsonContent.Create(new { tenant = "clinic", roles = new[] { "infer" } }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", operatorKey);
        using var answer = await http.SendAsync(request);
        using var made = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return made.RootElement.GetProperty("key").GetString()!;
    }

    private static async Task RevokeAsync(HttpClient http, TestCell cell, string operatorKey, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"{cell.HttpUrl}/v1/keys/{key.Split('_')[1]}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", operatorKey);
        (await http.SendAsync(request)).EnsureSuccessStatusCode();
        using var after = new HttpRequestMessage(HttpMethod.Get, cell.HttpUrl + "/v2");
        after.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.SendAsync(after)).StatusCode);
    }

    private static async Task<byte[]> ReadAsync(HttpClient http, TestCell cell, string operatorKey, string view)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, cell.HttpUrl + view);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", operatorKey);
        using var answer = await http.SendAsync(request);
        Assert.Equal((view, HttpStatusCode.OK), (view, answer.StatusCode));
        return await answer.Content.ReadAsByteArrayAsync();
    }
}
