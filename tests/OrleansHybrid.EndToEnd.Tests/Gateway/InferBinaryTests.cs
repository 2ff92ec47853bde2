using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using OrleansHybrid.Domain.Tensors;
using Xunit;

namespace OrleansHybrid.EndToEnd.Tests.Gateway;

public sealed class InferBinaryTests
{
    private const string TwoInputs =
        """{"inputs":[{"name":"a","datatype":"FP32","shape":[2],"parameters":{"binary_data_size":8}},{"name":"j","datatype":"INT32","shape":[1],"data":[5]},{"name":"b","datatype":"FP16","shape":[1],"parameters":{"binary_data_size":2}}],"outputs":[{"name":"a","parameters":{"binary_data":true}},{"name":"j"},{"name":"b","parameters":{"binary_data":true}}]}""";

    [Fact]
    public async Task Binary_and_json_tensors_mix_in_request_and_answer()
    {
        await using var host = await GatewayHost.StartAsync();
        using var response = await SendAsync(host, "echo", TwoInputs.Length.ToString(), [.. Encoding.UTF8.GetBytes(TwoInputs), .. Requests.Floats(1, 2), 0, 0x3C]);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["0000803F00000040", "05000000", "003C"], host.Service.LastInputs.Select(i => Convert.ToHexString(i.Data)));
        var body = await response.Content.ReadAsByteArrayAsync();
        var jsonBytes = int.Parse(Assert.Single(response.Headers.GetValues("Inference-Header-Content-Length")));
        Assert.Equal("0000803F00000040003C", Convert.ToHexString(body.AsSpan(jsonBytes)));
        Assert.Contains("\"parameters\":{\"binary_data_size\":8}", Encoding.UTF8.GetString(body, 0, jsonBytes));
        Assert.Contains("\"data\":[5]", Encoding.UTF8.GetString(body, 0, jsonBytes));
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Raw_body_is_the_one_input_with_its_free_dimension_settled_by_the_bytes()
    {
        await using var host = await GatewayHost.StartAsync();
        using var response = await SendAsync(host, "raw", "0", Requests.Floats(1, 2, 3, 4, 5, 6, 7, 8));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var seen = Assert.Single(host.Service.LastInputs);
        Assert.Equal(("x", TensorDataType.Fp32, new TensorShape(2, 4)), (seen.Name, seen.DataType, seen.Shape));
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(Requests.Floats(1, 2, 3, 4, 5, 6, 7, 8), body[int.Parse(response.Headers.GetValues("Inference-Header-Content-Length").Single())..]);
    }

    [Fact]
    public async Task Raw_bytes_body_is_one_element()
    {
        await using var host = await GatewayHost.StartAsync();
        using var response = await SendAsync(host, "text", "0", "hello"u8.ToArray());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("0500000068656C6C6F", Convert.ToHexString(Assert.Single(host.Service.LastInputs).Data));
    }

    [Theory]
    [InlineData("raw", 15, HttpStatusCode.BadRequest)]
    [InlineData("raw", 20, HttpStatusCode.BadRequest)]
    [InlineData("echo", 16, HttpStatusCode.BadRequest)]
    [InlineData("none", 16, HttpStatusCode.NotFound)]
    [InlineData("broken", 16, HttpStatusCode.ServiceUnavailable)]
    public async Task Raw_body_that_no_input_can_be_is_refused(string model, int bytes, HttpStatusCode expected)
    {
        await using var host = await GatewayHost.StartAsync();
        using var response = await SendAsync(host, model, "0", new byte[bytes]);
        Assert.Equal(expected, response.StatusCode);
        Protocol.AssertError(await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("+5")]
    [InlineData("abc")]
    [InlineData("1e2")]
    [InlineData("0x10")]
    [InlineData("100000")]
    [InlineData("99999999999999999999")]
    [InlineData("")]
    [InlineData("10, 20")]
    public async Task Header_length_that_is_no_length_of_this_body_is_400(string length)
    {
        await using var host = await GatewayHost.StartAsync();
        using var response = await SendAsync(host, "echo", length, Encoding.UTF8.GetBytes(Requests.Small));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Protocol.AssertError(await response.Content.ReadAsStringAsync());
        Assert.Null(host.Service.LastRequest);
    }

    [Fact]
    public async Task Header_length_beyond_a_chunked_body_is_400()
    {
        await using var host = await GatewayHost.StartAsync();
        using var response = await SendAsync(host, "echo", "100000", Encoding.UTF8.GetBytes(Requests.Small), chunked: true);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Theory]
    [InlineData(8, 1)]
    [InlineData(8, -1)]
    [InlineData(7, 0)]
    [InlineData(2_000_000_000, 0)]
    public async Task Binary_sizes_that_do_not_add_up_are_400(long stated, int extra)
    {
        await using var host = await GatewayHost.StartAsync();
        var json = $$$"""{"inputs":[{"name":"a","datatype":"FP32","shape":[2],"parameters":{"binary_data_size":{{{stated}}}}}]}""";
        foreach (var chunked in new[] { false, true })
        {
            using var response = await SendAsync(host, "echo", json.Length.ToString(), [.. Encoding.UTF8.GetBytes(json), .. new byte[8 + extra]], chunked);
            Assert.Equal(stated > Domain.Limits.RequestBytesMax ? HttpStatusCode.RequestEntityTooLarge : HttpStatusCode.BadRequest, response.StatusCode);
            Protocol.AssertError(await response.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [InlineData("BYTES", "[2]", "0100000041")]
    [InlineData("BYTES", "[1]", "0500000041")]
    [InlineData("BYTES", "[1]", "FFFFFFFF41")]
    [InlineData("BYTES", "[1]", "0100")]
    [InlineData("BOOL", "[1]", "02")]
    public async Task Binary_content_that_breaks_its_types_rules_is_400(string type, string shape, string hex)
    {
        await using var host = await GatewayHost.StartAsync();
        var json = $$$"""{"inputs":[{"name":"a","datatype":"{{{type}}}","shape":{{{shape}}},"parameters":{"binary_data_size":{{{hex.Length / 2}}}}}]}""";
        using var response = await SendAsync(host, "echo", json.Length.ToString(), [.. Encoding.UTF8.GetBytes(json), .. Convert.FromHexString(hex)]);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("'a'", Protocol.AssertError(await response.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Compressed_request_is_read_and_a_large_answer_compressed_when_asked(string encoding)
    {
        await using var host = await GatewayHost.StartAsync();
        var json = $$"""{"inputs":[{"name":"x","datatype":"INT32","shape":[1000],"data":[{{string.Join(",", Enumerable.Range(0, 1000))}}]}]}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/echo/infer") { Content = Packed(Encoding.UTF8.GetBytes(json), encoding) };
        request.Headers.AcceptEncoding.ParseAdd(encoding);
        using var response = await host.Rest.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([encoding], response.Content.Headers.ContentEncoding);
        await using var packed = await response.Content.ReadAsStreamAsync();
        await using Stream plain = encoding == "gzip" ? new GZipStream(packed, CompressionMode.Decompress) : new ZLibStream(packed, CompressionMode.Decompress);
        Assert.Contains("998,999]", await new StreamReader(plain).ReadToEndAsync());
        Assert.Equal(4000, host.Service.LastInputs[0].Data.Length);
    }

    [Fact]
    public async Task Gzip_bomb_is_413_and_a_broken_stream_400()
    {
        await using var host = await GatewayHost.StartAsync(bytesMax: 1 << 20);
        var bomb = Packed(new byte[64 << 20], "gzip");
        Assert.True(bomb.Headers.ContentLength < 1 << 20);
        var (status, body) = await host.PostAsync("/v2/models/echo/infer", bomb);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Protocol.AssertError(body);
        var broken = new ByteArrayContent([1, 2, 3, 4, 5]);
        broken.Headers.ContentEncoding.Add("gzip");
        Assert.Equal(HttpStatusCode.BadRequest, (await host.PostAsync("/v2/models/echo/infer", broken)).Status);
        var unknown = new StringContent(Requests.Small);
        unknown.Headers.ContentEncoding.Add("br");
        Assert.Equal(HttpStatusCode.BadRequest, (await host.PostAsync("/v2/models/echo/infer", unknown)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Body_over_the_bound_is_413(bool chunked)
    {
        await using var host = await GatewayHost.StartAsync(bytesMax: 1000);
        using var response = await SendAsync(host, "echo", null, new byte[1001], chunked);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Protocol.AssertError(await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Large_body_of_unknown_length_is_read_whole()
    {
        await using var host = await GatewayHost.StartAsync();
        var values = Enumerable.Range(0, 600_000).ToArray();
        var json = $$$"""{"inputs":[{"name":"x","datatype":"INT32","shape":[600000],"data":[{{{string.Join(",", values)}}}]}],"parameters":{"binary_data_output":true}}""";
        foreach (var chunked in new[] { true, false })
        {
            using var response = await SendAsync(host, "echo", null, Encoding.UTF8.GetBytes(json), chunked);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(values, System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(host.Service.LastInputs[0].Data).ToArray());
        }
    }

    internal static ByteArrayContent Packed(byte[] content, string encoding)
    {
        var memory = new MemoryStream();
        using (Stream packed = encoding == "gzip" ? new GZipStream(memory, CompressionLevel.Fastest, true) : new ZLibStream(memory, CompressionLevel.Fastest, true)) packed.Write(content);
        var body = new ByteArrayContent(memory.ToArray());
        body.Headers.ContentEncoding.Add(encoding);
        return body;
    }

    internal static async Task<HttpResponseMessage> SendAsync(GatewayHost host, string model, string? headerLength, byte[] body, bool chunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v2/models/{model}/infer") { Content = new ByteArrayContent(body) };
        if (chunked)
        {
            request.Headers.TransferEncodingChunked = true;
            request.Content.Headers.ContentLength = null;
        }

        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (headerLength is not null) request.Headers.TryAddWithoutValidation("Inference-Header-Content-Length", headerLength);
        return await host.Rest.SendAsync(request);
    }
}
