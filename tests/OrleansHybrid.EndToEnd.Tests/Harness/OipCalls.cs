using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using OrleansHybrid.Links.Protocol;

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>The protocol as a plain client speaks it: JSON, a raw binary body, and gRPC.</summary>
internal static class OipCalls
{
    private const string JsonLength = "Inference-Header-Content-Length";

    public static async Task<Answer> InferJsonAsync(this HttpClient http, TestCell cell, string body, string model = Clips.Model, CancellationToken cancellationToken = default)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(InferUrl(cell, model), content, cancellationToken);
        return Answer.FromJson(answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>The whole body is the one input's bytes; parameters travel as headers.</summary>
    public static async Task<Answer> InferRawAsync(this HttpClient http, TestCell cell, byte[] tensor, string model = Clips.Model, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, InferUrl(cell, model)) { Content = new ByteArrayContent(tensor) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Headers.Add(JsonLength, "0");
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        using var answer = await http.SendAsync(request);
        var body = await answer.Content.ReadAsByteArrayAsync();
        var json = answer.Headers.TryGetValues(JsonLength, out var length) ? body.AsSpan(0, int.Parse(length.Single(), CultureInfo.InvariantCulture)) : body;
        return Answer.FromJson(answer.StatusCode, Encoding.UTF8.GetString(json));
    }

    public static async Task<Answer> InferGrpcAsync(TestCell cell, byte[] audio, Action<ModelInferRequest>? change = null, string? key = null)
    {
        using var channel = GrpcChannel.ForAddress(cell.GrpcUrl);
        var request = new ModelInferRequest { ModelName = Clips.Model };
        var input = new ModelInferRequest.Types.InferInputTensor { Name = "audio", Datatype = "INT16" };
        input.Shape.AddRange([1, Clips.Samples]);
        request.Inputs.Add(input);
        request.RawInputContents.Add(ByteString.CopyFrom(audio));
        change?.Invoke(request);
        var answer = await new GRPCInferenceService.GRPCInferenceServiceClient(channel).ModelInferAsync(request, new CallOptions(key is null ? null : new Metadata { { "authorization", "Bearer " + key } }));
        return Of(answer);
    }

    /// <summary>A JSON body over the clip's samples, with parameters of one's own.</summary>
    public static string JsonOf(byte[] audio, params (string Name, object Value)[] parameters)
    {
        var samples = new short[audio.Length / 2];
        Buffer.BlockCopy(audio, 0, samples, 0, audio.Length);
        return JsonSerializer.Serialize(new
        {
            parameters = parameters.ToDictionary(p => p.Name, p => p.Value),
            inputs = new[] { new { name = "audio", datatype = "INT16", shape = new[] { 1, samples.Length }, data = samples } },
        });
    }

    private static Answer Of(ModelInferResponse answer)
    {
        string Text(string name) => answer.Parameters.TryGetValue(name, out var value) ? value.StringParam : "";
        bool Flag(string name) => answer.Parameters.TryGetValue(name, out var value) && value.BoolParam;
        return new Answer(
            HttpStatusCode.OK, Text("zone"), Text("cell"), Text("node"), Text("variant"), Text("label"),
            answer.Parameters.TryGetValue("confidence", out var confidence) ? confidence.DoubleParam : double.NaN,
            Flag("escalated"), Flag("degraded"), Text("reason"), answer.ToString());
    }

    private static string InferUrl(TestCell cell, string model) => $"{cell.HttpUrl}/v2/models/{model}/infer";
}
