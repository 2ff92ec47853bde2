using System.Net;
using System.Text;
using System.Text.Json;
using OrleansHybrid.Domain.Privacy;
using OrleansHybrid.Domain.Routing;
using OrleansHybrid.Domain.Tensors;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Gateway;

public sealed class InferJsonTests
{
    [Fact]
    public async Task Answer_carries_outputs_provenance_and_timing()
    {
        await using var host = await GatewayHost.StartAsync();
        using var response = await host.Rest.PostAsync("/v2/models/echo/versions/2/infer", new StringContent("""{"id":"q1",""" + Requests.Small[1..]));
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("q1", body.GetProperty("id").GetString());
        Assert.Equal(("echo", "2"), (body.GetProperty("model_name").GetString(), body.GetProperty("model_version").GetString()));
        Assert.Equal("""{"name":"x","datatype":"FP32","shape":[1,3],"data":[1,2.5,-3]}""", body.GetProperty("outputs")[0].GetRawText());
        Assert.Equal(
            """{"label":"yes","zone":"edge","cell":"eu-west","node":"node-1","variant":"large","model_digest":"sha256:ab","policy_revision":7,"confidence":0.875,"escalated":false,"degraded":true,"reason":"edge=chosen:floor"}""",
            body.GetProperty("parameters").GetRawText());
        Assert.Equal("route;dur=0.004, edge;dur=1.5", Assert.Single(response.Headers.GetValues("Server-Timing")));
        Assert.Equal(2, host.Service.LastRequest!.Version);
    }

    [Theory]
    [InlineData("BOOL", "[true,false]", "0100")]
    [InlineData("UINT8", "[0,255]", "00FF")]
    [InlineData("UINT16", "[1,65535]", "0100FFFF")]
    [InlineData("UINT32", "[1,4294967295]", "01000000FFFFFFFF")]
    [InlineData("UINT64", "[1,18446744073709551615]", "0100000000000000FFFFFFFFFFFFFFFF")]
    [InlineData("INT8", "[-128,127]", "807F")]
    [InlineData("INT16", "[-32768,32767]", "0080FF7F")]
    [InlineData("INT32", "[-2147483648,1]", "0000008001000000")]
    [InlineData("INT64", "[-9223372036854775808,1]", "00000000000000800100000000000000")]
    [InlineData("FP32", "[1.5,-0.0]", "0000C03F00000080")]
    [InlineData("FP64", "[1.5,1e-300]", "000000000000F83F59F3F8C21F6EA501")]
    [InlineData("BYTES", """["a\u00e9\n",""]""", "0400000061C3A90A00000000")]
    public async Task Every_datatype_is_read_to_its_binary_form_and_written_back(string type, string data, string hex)
    {
        await using var host = await GatewayHost.StartAsync();
        var (status, body) = await host.InferAsync($$$"""{"inputs":[{"name":"x","datatype":"{{{type}}}","shape":[2],"data":{{{data}}}}]}""");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(hex, Convert.ToHexString(Assert.Single(host.Service.LastInputs).Data));
        var back = JsonDocument.Parse(body).RootElement.GetProperty("outputs")[0].GetProperty("data");
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(data.Replace("-0.0", "-0").Replace("1e-300", "1E-300")).RootElement, back), back.GetRawText());
    }

    [Theory]
    [InlineData("""{"inputs":[{"data":[[1,2],[3,4]],"shape":[2,2],"datatype":"INT32","name":"x"}]}""")]
    [InlineData(""" { "unknown" : {"a":[1,{}]} , "inputs" : [ { "name" : "x" , "shape" : [ 2 , 2 ] , "datatype" : "INT32" , "data" : [ 1 , 2 , 3 , 4 ] , "more": null } ] } """)]
    [InlineData("""{"inputs":[{"name":"x","shape":[2,2],"datatype":"INT32","data":[[1,2] ,[ 3,4 ]]}],"outputs":[{"name":"x"}]}""")]
    [InlineData("""{"inputs":[{"n\u0061me":"x","shape":[2,2],"datatype":"INT32","data":[[1,2],[3,4]]}]}""")]
    public async Task Order_nesting_space_and_unknown_properties_do_not_matter(string json)
    {
        await using var host = await GatewayHost.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await host.InferAsync(json)).Status);
        var seen = Assert.Single(host.Service.LastInputs);
        Assert.Equal("01000000020000000300000004000000", Convert.ToHexString(seen.Data));
        Assert.Equal(new TensorShape(2, 2), seen.Shape);
    }

    [Theory]
    [InlineData("UINT8", "[2]", "[1,300]", "'x': element 1 is 300, which UINT8 cannot hold")]
    [InlineData("INT8", "[1]", "[-129]", "-129")]
    [InlineData("UINT64", "[1]", "[-1]", "-1")]
    [InlineData("UINT64", "[1]", "[18446744073709551616]", "cannot hold")]
    [InlineData("FP32", "[1]", "[1e39]", "1e39")]
    [InlineData("FP64", "[1]", "[1e999]", "cannot hold")]
    [InlineData("INT32", "[1]", "[1.0]", "whole number")]
    [InlineData("INT32", "[1]", "[\"1\"]", "a string came")]
    [InlineData("FP32", "[1]", "[NaN]", "element 0")]
    [InlineData("FP32", "[1]", "[01]", "element 0")]
    [InlineData("FP32", "[1]", "[.5]", "element 0")]
    [InlineData("FP32", "[1]", "[1.]", "element 0")]
    [InlineData("FP32", "[1]", "[null]", "null came")]
    [InlineData("BOOL", "[1]", "[1]", "true or false")]
    [InlineData("BYTES", "[1]", "[1]", "a string")]
    [InlineData("FP16", "[1]", "[1]", "send it as binary")]
    [InlineData("BF16", "[1]", "[1]", "send it as binary")]
    [InlineData("FP32", "[3]", "[1,2]", "takes 3 elements; 2 came")]
    [InlineData("FP32", "[1]", "[1,2,3]", "takes 1 elements; 3 came")]
    [InlineData("FP32", "[1000000000]", "[1]", "too short")]
    [InlineData("FP32", "[2,2]", "[[1,2,3],[4]]", "brackets")]
    [InlineData("FP32", "[2,2]", "[[[1,2]],[[3,4]]]", "brackets")]
    [InlineData("FP32", "[2,2]", "[1,2,[3,4]]", "brackets")]
    [InlineData("FP32", "[-1]", "[1]", "dimension")]
    [InlineData("FP32", "[9223372036854775807,9]", "[1]", "no size")]
    [InlineData("FP32", "[1]", "1", "must be an array")]
    [InlineData("FP32", "[1]", "[1,]", "a value")]
    [InlineData("FP33", "[1]", "[1]", "FP33")]
    public async Task Data_that_does_not_fit_is_400_that_names_tensor_expectation_and_what_came(string type, string shape, string data, string said)
    {
        await using var host = await GatewayHost.StartAsync();
        foreach (var json in new[] { $$"""{"inputs":[{"name":"x","datatype":"{{type}}","shape":{{shape}},"data":{{data}}}]}""", $$"""{"inputs":[{"data":{{data}},"name":"x","datatype":"{{type}}","shape":{{shape}}}]}""" })
        {
            var (status, body) = await host.InferAsync(json);
            Assert.Equal(HttpStatusCode.BadRequest, status);
            var text = Protocol.AssertError(body);
            if (!json.Contains("[{\"data\"", StringComparison.Ordinal)) Assert.Contains(said, text);
        }

        Assert.Null(host.Service.LastRequest);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"inputs":[]}""")]
    [InlineData("""{"inputs":{}}""")]
    [InlineData("""{"inputs":[{}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"","datatype":"FP32","shape":[1],"data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","name":"x","datatype":"FP32","shape":[1],"data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1],"data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]},{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}],"inputs":[]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]} {}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}],}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1],"parameters":{"binary_data_size":4}}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"parameters":{"binary_data_size":4}}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"parameters":{"shared_memory_region":"a"}}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}],"outputs":[{}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}],"outputs":[{"name":"x"},{"name":"x"}]}""")]
    [InlineData("{\"inputs\":[{\"name\":\"x\u0001\",\"datatype\":\"FP32\",\"shape\":[1],\"data\":[1]}]}")]
    [InlineData("""{"inputs":[{"name":"\ud800","datatype":"FP32","shape":[1],"data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}],"id":3}""")]
    [InlineData("""{"inputs":[{"name":"x","datatype":"FP32","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1],"data":[1]}]}""")]
    public async Task Malformed_request_is_400(string json)
    {
        await using var host = await GatewayHost.StartAsync();
        var (status, body) = await host.InferAsync(json);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Protocol.AssertError(body);
    }

    [Fact]
    public async Task Body_that_nests_too_deep_is_400()
    {
        await using var host = await GatewayHost.StartAsync();
        var deep = new string('[', 100_000);
        foreach (var json in new[] { $$"""{"more":{{deep}}""", $$"""{"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":{{deep}}""" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await host.InferAsync(json)).Status);
        }
    }

    [Fact]
    public async Task Parameters_of_body_and_headers_reach_the_router()
    {
        await using var host = await GatewayHost.StartAsync();
        var json = """{"parameters":{"mode":"PREFER_EDGE","privacy":"any","latency_target_ms":40,"confidence_floor":1,"explain":true,"tag_room":"b","timeout":250000,"priority":1,"unknown":5},""" + Requests.Small[1..];
        var (status, _) = await host.InferAsync(json, ("hybrid-privacy", "edge"), ("Hybrid-Max-Cost-Microusd", "30"), ("hybrid-tag-floor-no", "3"), ("hybrid-mode", "PREFER_EDGE"));
        Assert.Equal(HttpStatusCode.OK, status);
        var request = host.Service.LastRequest!;
        Assert.Equal(TimeSpan.FromMilliseconds(250), request.Timeout);
        Assert.Equal(1, request.Priority);
        var sent = request.Parameters;
        Assert.Equal((RouteMode.PreferEdge, PrivacyCeiling.Edge, 40L, 30L, 1.0, true), (sent.Mode, sent.Privacy, sent.LatencyTargetMs, sent.MaxCostMicrousd, sent.ConfidenceFloor, sent.Explain));
        Assert.Equal([("floor_no", "3"), ("room", "b")], sent.Tags.OrderBy(t => t.Key).Select(t => (t.Key, t.Value)));
    }

    [Theory]
    [InlineData("""{"mode":"SOMEWHERE"}""", null, null)]
    [InlineData("""{"privacy":"none"}""", null, null)]
    [InlineData("""{"privcy":"device"}""", null, null)]
    [InlineData("""{"Privacy":"device"}""", null, null)]
    [InlineData("""{"hybrid_x":1}""", null, null)]
    [InlineData("""{"latency_target_ms":0}""", null, null)]
    [InlineData("""{"latency_target_ms":1.5}""", null, null)]
    [InlineData("""{"confidence_floor":1.5}""", null, null)]
    [InlineData("""{"explain":"yes"}""", null, null)]
    [InlineData("""{"sequence_id":7}""", null, null)]
    [InlineData("""{"sequence_start":true}""", null, null)]
    [InlineData("""{"mode":"AUTO","mode":"AUTO"}""", null, null)]
    [InlineData("""{"mode":"AUTO"}""", "hybrid-mode", "ONLY_EDGE")]
    [InlineData("""{"tag_a":"1"}""", "hybrid-tag-a", "2")]
    [InlineData("{}", "hybrid-privcy", "device")]
    [InlineData("{}", "hybrid-explain", "yes")]
    [InlineData("{}", "hybrid-latency-target-ms", "soon")]
    public async Task Parameter_that_is_wrong_misspelt_or_contradicts_itself_is_400(string parameters, string? header, string? value)
    {
        await using var host = await GatewayHost.StartAsync();
        var json = $$"""{"parameters":{{parameters}},""" + Requests.Small[1..];
        var (status, body) = header is null ? await host.InferAsync(json) : await host.InferAsync(json, (header, value!));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Protocol.AssertError(body);
    }

    [Fact]
    public async Task Hop_metadata_is_believed_of_a_link_alone()
    {
        await using var host = await GatewayHost.StartAsync();
        (string, string)[] hop = [("hybrid-hops", "device%2C1, eu-west"), ("hybrid-tenant", "klinik%C3%BC"), ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")];
        await host.InferAsync(Requests.Small, hop);
        Assert.Equal(("default", false, 0), (host.Service.LastRequest!.Caller.Tenant, host.Service.LastRequest.Caller.TrustedHop, host.Service.LastRequest.Caller.Hops.Count));
        await host.InferAsync(Requests.Small, [.. hop, ("Authorization", "Bearer link")]);
        var caller = host.Service.LastRequest.Caller;
        Assert.Equal(("klinikü", true), (caller.Tenant, caller.TrustedHop));
        Assert.Equal(["device,1", "eu-west"], caller.Hops);
        Assert.StartsWith("00-0af7651916cd43dd", caller.TraceParent);
        var (status, _) = await host.InferAsync(Requests.Small, ("Authorization", "Bearer link"), ("hybrid-hops", "a,b,c,d,e"));
        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Fact]
    public async Task Classification_gives_value_index_and_label_of_each_row()
    {
        await using var host = await GatewayHost.StartAsync();
        host.Service.Answer = (_, _) => ValueTask.FromResult(InferenceResult.Of(host.Service.Respond(
            new Tensor("probabilities", TensorDataType.Fp32, new TensorShape(2, 3), host.Pool.Copy(Requests.Floats(0.1f, 0.7f, 0.2f, 0.5f, 0.5f, 0))))));
        var json = """{"outputs":[{"name":"probabilities","parameters":{"classification":2}}],""" + Requests.Small[1..];
        var (_, body) = await host.InferAsync(json);
        var output = JsonDocument.Parse(body).RootElement.GetProperty("outputs")[0];
        Assert.Equal("""["0.7:1:yes","0.2:2:maybe","0.5:0:no","0.5:1:yes"]""", output.GetProperty("data").GetRawText());
        Assert.Equal(("BYTES", "[2,2]"), (output.GetProperty("datatype").GetString(), output.GetProperty("shape").GetRawText()));
        Assert.Equal(["probabilities"], host.Service.LastRequest!.Outputs);
        Assert.Equal(HttpStatusCode.BadRequest, (await host.InferAsync(json.Replace(":2}", ":0}"))).Status);
    }

    [Theory]
    [InlineData(TensorDataType.Fp32, "0000C07F")]
    [InlineData(TensorDataType.Fp16, "003C0040")]
    [InlineData(TensorDataType.Bytes, "01000000FF")]
    public async Task Output_that_json_cannot_carry_is_400_with_the_remedy_and_comes_as_binary(TensorDataType type, string hex)
    {
        await using var host = await GatewayHost.StartAsync();
        var bytes = Convert.FromHexString(hex);
        host.Service.Answer = (_, _) => ValueTask.FromResult(InferenceResult.Of(host.Service.Respond(
            new Tensor("y", type, new TensorShape(type == TensorDataType.Fp16 ? 2 : 1), host.Pool.Copy(bytes)))));
        var (status, body) = await host.InferAsync(Requests.Small);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("binary_data", Protocol.AssertError(body));
        var (binary, _) = await host.InferAsync("""{"parameters":{"binary_data_output":true},""" + Requests.Small[1..]);
        Assert.Equal(HttpStatusCode.OK, binary);
    }

    [Fact]
    public async Task Text_that_needs_escaping_survives_both_ways()
    {
        await using var host = await GatewayHost.StartAsync();
        var text = "a\"\\\u0001é€😀/<>" + new string('ü', 70_000);
        var json = JsonSerializer.Serialize(new { inputs = new[] { new { name = "x\"ü", datatype = "BYTES", shape = new[] { 1 }, data = new[] { text } } } });
        var (status, body) = await host.InferAsync(json);
        Assert.Equal(HttpStatusCode.OK, status);
        var output = JsonDocument.Parse(body).RootElement.GetProperty("outputs")[0];
        Assert.Equal("x\"ü", output.GetProperty("name").GetString());
        Assert.Equal(text, output.GetProperty("data")[0].GetString());
        Assert.Equal(text, Encoding.UTF8.GetString(host.Service.LastInputs[0].Data.AsSpan(4)));
    }
}
