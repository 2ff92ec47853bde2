using System.Net;
using System.Text.Json;
using OrleansHybrid.Domain.Models;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Gateway;

public sealed class RestRouteTests
{
    [Fact]
    public async Task Server_metadata_names_server_cell_and_extensions()
    {
        await using var host = await GatewayHost.StartAsync();
        var body = await GetAsync(host, "/v2");
        Assert.Equal("orleans-hybrid", body.GetProperty("name").GetString());
        Assert.Equal("eu-west", body.GetProperty("cell").GetString());
        var extensions = body.GetProperty("extensions").EnumerateArray().Select(e => e.GetString()!).ToArray();
        Assert.Contains("binary_tensor_data", extensions);
        Assert.Equal(["hybrid.cell=eu-west", "hybrid.zone=edge", "hybrid.node=node-1"], extensions[^3..]);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/v2/health/live")]
    [InlineData("/v2/health/ready")]
    [InlineData("/v2/models/echo/ready")]
    [InlineData("/v2/models/echo/versions/1/ready")]
    public async Task Health_routes_answer_200_without_a_credential(string path)
    {
        await using var host = await GatewayHost.StartAsync();
        using var response = await host.Rest.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Readiness_of_a_server_or_model_that_cannot_answer_is_503_with_retry_after()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Options.IsReady = () => false;
        foreach (var path in new[] { "/v2/health/ready", "/v2/models/broken/ready" })
        {
            using var response = await host.Rest.GetAsync(path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter!.Delta);
        }

        Assert.Equal(HttpStatusCode.OK, (await host.Rest.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task Model_metadata_lists_versions_and_tensors()
    {
        await using var host = await GatewayHost.StartAsync();
        var body = await GetAsync(host, "/v2/models/echo/versions/1");
        Assert.Equal("""["1","2"]""", body.GetProperty("versions").GetRawText());
        Assert.Equal("""{"name":"x","datatype":"FP32","shape":[-1,3]}""", body.GetProperty("inputs")[0].GetRawText());
        Assert.Equal("onnxruntime_onnx", body.GetProperty("platform").GetString());
    }

    [Fact]
    public async Task Model_configuration_has_tritons_names()
    {
        await using var host = await GatewayHost.StartAsync();
        var body = await GetAsync(host, "/v2/models/echo/config");
        Assert.Equal("""{"specific":{"versions":[1,2]}}""", body.GetProperty("version_policy").GetRawText());
        Assert.Equal(8, body.GetProperty("max_batch_size").GetInt32());
        Assert.Equal("TYPE_FP32", body.GetProperty("input")[0].GetProperty("data_type").GetString());
        Assert.Equal("[3]", body.GetProperty("input")[0].GetProperty("dims").GetRawText());
        Assert.Equal(500, body.GetProperty("dynamic_batching").GetProperty("max_queue_delay_microseconds").GetInt32());
        Assert.Equal("KIND_CPU", body.GetProperty("instance_group")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Statistics_add_up_the_variants_of_a_version()
    {
        await using var host = await GatewayHost.StartAsync(engine: new FakeEngine { State = EngineWithFigures() });
        var row = (await GetAsync(host, "/v2/models/echo/versions/2/stats")).GetProperty("model_stats")[0];
        Assert.Equal(4, row.GetProperty("inference_count").GetInt32());
        Assert.Equal(2, row.GetProperty("inference_stats").GetProperty("success").GetProperty("count").GetInt32());
        Assert.Equal(2000, row.GetProperty("inference_stats").GetProperty("queue").GetProperty("ns").GetInt32());
        Assert.Equal(4, row.GetProperty("batch_stats")[0].GetProperty("batch_size").GetInt32());
        Assert.Equal(4, (await GetAsync(host, "/v2/models/stats")).GetProperty("model_stats").GetArrayLength());
    }

    [Fact]
    public async Task Repository_index_tells_state_and_reason_and_can_leave_out_what_is_not_ready()
    {
        await using var host = await GatewayHost.StartAsync();
        var (_, all) = await host.PostAsync("/v2/repository/index", new StringContent(""));
        Assert.Contains("""{"name":"broken","version":"1","state":"UNAVAILABLE","reason":"model.yaml: inputs are missing"}""", all);
        var (_, ready) = await host.PostAsync("/v2/repository/index", new StringContent("""{"ready":true}"""));
        Assert.DoesNotContain("broken", ready);
        Assert.Equal(HttpStatusCode.BadRequest, (await host.PostAsync("/v2/repository/index", new StringContent("""{"ready":1}"""))).Status);
    }

    [Theory]
    [InlineData("load", "", "load echo ")]
    [InlineData("load", """{"parameters":{"version":2}}""", "load echo 2")]
    [InlineData("unload", """{"parameters":{"version":"1","unload_dependents":true}}""", "unload echo 1")]
    public async Task Loading_with_the_operator_role_reaches_the_repository(string what, string body, string call)
    {
        await using var host = await GatewayHost.StartAsync();
        var (status, _) = await host.PostAsync($"/v2/repository/models/echo/{what}", new StringContent(body), ("Authorization", "Bearer op"));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal([call], host.Repository.Calls);
    }

    [Theory]
    [InlineData("Bearer view", "/v2/repository/models/echo/load", HttpStatusCode.Forbidden)]
    [InlineData("Bearer nobody", "/v2/repository/models/echo/load", HttpStatusCode.Unauthorized)]
    [InlineData("Bearer view", "/v2/models/echo/infer", HttpStatusCode.Forbidden)]
    [InlineData("Bearer op", "/v2/repository/models/none/load", HttpStatusCode.NotFound)]
    public async Task Credential_without_the_role_is_refused_before_anything_is_done(string authorization, string path, HttpStatusCode expected)
    {
        await using var host = await GatewayHost.StartAsync();
        var (status, body) = await host.PostAsync(path, new StringContent("{"), ("Authorization", authorization));
        Assert.Equal(expected == HttpStatusCode.NotFound ? HttpStatusCode.BadRequest : expected, status);
        Protocol.AssertError(body);
        Assert.Empty(host.Repository.Calls);
    }

    [Theory]
    [InlineData("""{"parameters":{"config":"{}"}}""")]
    [InlineData("""{"parameters":{"file:1/model.onnx":"AA=="}}""")]
    [InlineData("""{"parameters":{"version":0}}""")]
    [InlineData("""{"parameters":{"version":"two"}}""")]
    public async Task Load_parameters_that_are_not_taken_are_400(string body)
    {
        await using var host = await GatewayHost.StartAsync();
        var (status, error) = await host.PostAsync("/v2/repository/models/echo/load", new StringContent(body), ("Authorization", "Bearer op"));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Protocol.AssertError(error);
        Assert.Empty(host.Repository.Calls);
    }

    [Theory]
    [InlineData("/v2/models/echo/generate")]
    [InlineData("/v2/models/echo/versions/1/generate_stream")]
    [InlineData("/v2/systemsharedmemory/status")]
    [InlineData("/v2/systemsharedmemory/region/a/register")]
    [InlineData("/v2/cudasharedmemory/status")]
    [InlineData("/v2/trace/setting")]
    [InlineData("/v2/models/echo/trace/setting")]
    [InlineData("/v2/logging")]
    public async Task Extension_that_is_not_served_answers_501_with_the_reason(string path)
    {
        await using var host = await GatewayHost.StartAsync();
        var (status, body) = await host.PostAsync(path, new StringContent("{}"));
        Assert.Equal(HttpStatusCode.NotImplemented, status);
        Assert.Contains("not served", Protocol.AssertError(body));
    }

    [Theory]
    [InlineData("/v2/nothing", HttpStatusCode.NotFound)]
    [InlineData("/v2/models/none", HttpStatusCode.NotFound)]
    [InlineData("/v2/models/echo/versions/9", HttpStatusCode.NotFound)]
    [InlineData("/v2/models/echo/versions/x", HttpStatusCode.BadRequest)]
    [InlineData("/v2/models/broken", HttpStatusCode.ServiceUnavailable)]
    [InlineData("/v2/models/none/stats", HttpStatusCode.NotFound)]
    [InlineData("/v2/models/echo/infer", HttpStatusCode.MethodNotAllowed)]
    public async Task Unknown_route_model_version_or_method_has_its_status_and_the_protocols_shape(string path, HttpStatusCode expected)
    {
        await using var host = await GatewayHost.StartAsync();
        using var response = await host.Rest.GetAsync(path);
        Assert.Equal(expected, response.StatusCode);
        Protocol.AssertError(await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Explain_passes_everything_on_and_answers_the_plan()
    {
        await using var host = await GatewayHost.StartAsync();
        var (status, body) = await host.PostAsync("/v1/routes:explain", new StringContent(
            """{"model":"echo","version":2,"parameters":{"mode":"ONLY_EDGE"},"input_bytes":99,"signals":{"hard":0.9},"assume":{"cloud":"down","battery_percent":10}}"""), ("hybrid-privacy", "edge"));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""{"plan_version":1}""", body);
        var seen = host.Service.LastExplain!;
        Assert.Equal(("echo", 2, 99L, 0.9), (seen.Model, seen.Version, seen.InputBytes, seen.Signals["hard"]));
        Assert.Equal(("down", "10"), (seen.Assume["cloud"], seen.Assume["battery_percent"]));
        Assert.Equal(Domain.Privacy.PrivacyCeiling.Edge, seen.Parameters.Privacy);
    }

    [Theory]
    [InlineData("""{"model":"none"}""", HttpStatusCode.NotFound)]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("{}", HttpStatusCode.BadRequest)]
    [InlineData("""{"model":"echo","other":1}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"model":"echo","input_bytes":-1}""", HttpStatusCode.BadRequest)]
    [InlineData("""{"model":"echo","signals":{"hard":"x"}}""", HttpStatusCode.BadRequest)]
    public async Task Explain_refuses_what_it_does_not_know(string body, HttpStatusCode expected)
    {
        await using var host = await GatewayHost.StartAsync();
        var (status, error) = await host.PostAsync("/v1/routes:explain", new StringContent(body));
        Assert.Equal(expected, status);
        Protocol.AssertError(error);
    }

    private static async Task<JsonElement> GetAsync(GatewayHost host, string path)
    {
        using var response = await host.Rest.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
    }

    private static EngineState EngineWithFigures()
    {
        var variants = new Dictionary<VariantKey, VariantState>();
        foreach (var name in new[] { "small", "large" })
        {
            var (key, figures) = (new VariantKey("echo", 2, name), new VariantStatistics());
            var times = new EngineTimes(TimeSpan.FromMicroseconds(1), TimeSpan.FromMicroseconds(2), TimeSpan.FromMicroseconds(3), TimeSpan.FromMicroseconds(4), 4);
            figures.RecordRequest(true, 2, TimeSpan.FromMicroseconds(10), times, DateTimeOffset.UnixEpoch);
            figures.RecordExecution(4, times);
            variants[key] = new VariantState(new LoadedVariant(key, "sha256:ab", [], [], TimeSpan.Zero, TimeSpan.Zero), figures);
        }

        return new EngineState(variants);
    }
}
