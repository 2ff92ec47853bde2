using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Grpc.Core;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.EndToEnd.Tests.Harness;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Access;

/// <summary>The life of an API key, over REST and gRPC.</summary>
public sealed class ApiKeyTests : IAsyncLifetime
{
    private readonly TempFolder folder = new();
    private readonly HttpClient http = new() { Timeout = Wait.Long };
    private RunningCell cell = null!;

    public async Task InitializeAsync() =>
        cell = await RunningCell.StartAsync(TestCell.Create("central"), folder, ["--auth", "required", "--models", RepositoryRoot.SampleModels]);

    public async Task DisposeAsync()
    {
        http.Dispose();
        await cell.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Key_is_shown_once_and_listed_without_secret_or_hash()
    {
        var (key, id) = await cell.MakeKeyAsync(http, "free", "infer");

        var list = await (await SendAsync(HttpMethod.Get, "/v1/keys", cell.OperatorKey)).Content.ReadAsStringAsync();

        Assert.StartsWith("hyb_" + id, key, StringComparison.Ordinal);
        Assert.Contains(id, list, StringComparison.Ordinal);
        Assert.DoesNotContain(key[^32..], list, StringComparison.Ordinal);
        Assert.DoesNotContain("hash", list, StringComparison.OrdinalIgnoreCase);
        using var document = JsonDocument.Parse(list);
        var row = document.RootElement.GetProperty("keys").EnumerateArray().Single();
        Assert.Equal(("free", "infer", "test", "operator.key"), (Text(row, "tenant"), row.GetProperty("roles")[0].GetString(), Text(row, "label"), Text(row, "created_by")));
    }

    [Fact]
    public async Task Key_that_was_revoked_ends_at_once_over_REST_and_gRPC()
    {
        var (key, id) = await cell.MakeKeyAsync(http, "free", "infer");
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, "/v2/models/keyword", key)).StatusCode);
        Assert.Equal("cloud", (await InferGrpcAsync(key)).Zone);

        var ended = await SendAsync(HttpMethod.Delete, $"/v1/keys/{id}", cell.OperatorKey);
        var after = await SendAsync(HttpMethod.Get, "/v2/models/keyword", key);
        var rpc = await Assert.ThrowsAsync<RpcException>(() => InferGrpcAsync(key));

        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
        Assert.Contains("was revoked at", await after.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(StatusCode.Unauthenticated, rpc.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Delete, "/v1/keys/none", cell.OperatorKey)).StatusCode);
    }

    /// <summary>The tenant is the credential's: a caller cannot name another, and the cell's rules for the tenant apply.</summary>
    [Fact]
    public async Task Tenant_of_a_request_is_that_of_its_key_and_no_headers()
    {
        var free = (await cell.MakeKeyAsync(http, "free", "viewer")).Key;
        cell.Apply(new PolicyConfig { Policy = "test", Revision = 1, Rules = [RuleFor("R1", "free"), RuleFor("R2", "research")] });

        Assert.Equal("R1", await RulesAsync(free));
        Assert.Equal("R1", await RulesAsync(free, "research"));
        Assert.Equal("", await RulesAsync(cell.OperatorKey, "research"));
        Assert.Equal("R2", await RulesAsync(cell.LinkKey, "research"));
    }

    [Theory]
    [InlineData("""{"tenant":"free","roles":["infr"]}""", "Did you mean 'infer'?")]
    [InlineData("""{"tenant":"free","roles":[]}""", "at least one of viewer, infer, operator")]
    [InlineData("""{"tenant":"two words","roles":["infer"]}""", "tenant:")]
    [InlineData("""{"roles":["infer"]}""", "tenant:")]
    [InlineData("""{"tenant":"free","roles":["infer"],"expires_at":"2020-01-01T00:00:00Z"}""", "expires_at:")]
    [InlineData("""{"tenant":"free","rolls":["infer"]}""", "unknown properties are refused")]
    [InlineData("""{"tenant":"free","roles":"infer"}""", "$.roles")]
    [InlineData("not json", "line 1")]
    public async Task Key_that_cannot_be_made_is_refused_with_what_to_do(string body, string expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, cell.Cell.HttpUrl + "/v1/keys") { Content = new StringContent(body, MediaTypeHeaderValue.Parse("application/json")) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", cell.OperatorKey);
        using var answer = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var error = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Contains(expected, Text(error.RootElement, "error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_survives_a_restart_and_is_known_before_the_cell_says_ready()
    {
        var key = (await cell.MakeKeyAsync(http, "free", "viewer")).Key;
        await cell.DisposeAsync();
        cell = await RunningCell.StartAsync(cell.Cell, folder, ["--auth", "required", "--models", RepositoryRoot.SampleModels]);

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, "/v1/health", key)).StatusCode);
    }

    private static RuleConfig RuleFor(string id, string tenant) =>
        new() { Id = id, When = new RuleWhenConfig(Tenant: tenant), Set = new RuleSetConfig(LatencyTargetMs: 1000), Because = "A test.", Owner = "tests" };

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";

    private async Task<string> RulesAsync(string key, string? tenant = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, cell.Cell.HttpUrl + "/v1/routes:explain") { Content = JsonContent.Create(new { model = Clips.Model }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (tenant is not null) request.Headers.Add("hybrid-tenant", tenant);
        using var answer = await http.SendAsync(request);
        using var plan = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return string.Join(',', plan.RootElement.GetProperty("signals").GetProperty("rules").EnumerateArray().Select(r => r.GetString()));
    }

    private Task<Answer> InferGrpcAsync(string key) => OipCalls.InferGrpcAsync(cell.Cell, new byte[Clips.Samples * 2], key: key);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string key)
    {
        using var request = new HttpRequestMessage(method, cell.Cell.HttpUrl + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await http.SendAsync(request);
    }
}
