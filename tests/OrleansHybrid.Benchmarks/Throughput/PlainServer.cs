using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.ML.OnnxRuntime;

namespace OrleansHybrid.Benchmarks.Throughput;

/// <summary>The baseline: what one would write in an afternoon with ASP.NET and ONNX Runtime. One thread a run, the run on the request's thread.</summary>
internal static class PlainServer
{
    private sealed record Tensor(string Name, long[] Shape, string Datatype, float[]? Data);

    private sealed record Body(Tensor[] Inputs);

    public static Task RunAsync(string models, string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url).ConfigureKestrel(k => k.AddServerHeader = false);
        var app = builder.Build();
        var options = new Microsoft.ML.OnnxRuntime.SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        var sessions = Directory.GetDirectories(models).ToDictionary(d => Path.GetFileName(d)!, d => new InferenceSession(Path.Combine(d, "1", "model.onnx"), options));
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        app.MapGet("/v2/health/ready", () => Results.Ok());
        app.MapPost("/v2/models/{model}/infer", async (string model, HttpRequest request, HttpResponse response) =>
        {
            var session = sessions[model];
            var buffer = new byte[(int)request.ContentLength!];
            await request.Body.ReadExactlyAsync(buffer);
            var headerLength = int.TryParse(request.Headers["Inference-Header-Content-Length"], out var n) ? n : buffer.Length;
            var input = JsonSerializer.Deserialize<Body>(buffer.AsSpan(0, headerLength), json)!.Inputs[0];
            var data = input.Data ?? MemoryMarshal.Cast<byte, float>(buffer.AsSpan(headerLength)).ToArray();
            using var value = OrtValue.CreateTensorValueFromMemory(data, input.Shape);
            using var run = new RunOptions();
            using var results = session.Run(run, [input.Name], [value], session.OutputNames);
            var output = results[0];
            var floats = output.GetTensorDataAsSpan<float>().ToArray();
            var shape = output.GetTensorTypeAndShape().Shape;
            if (headerLength == buffer.Length)
            {
                await response.WriteAsJsonAsync(new { model_name = model, model_version = "1", outputs = new[] { new { name = session.OutputNames[0], datatype = "FP32", shape, data = floats } } });
                return;
            }

            var head = JsonSerializer.SerializeToUtf8Bytes(new { model_name = model, model_version = "1", outputs = new[] { new { name = session.OutputNames[0], datatype = "FP32", shape, parameters = new { binary_data_size = floats.Length * 4 } } } });
            response.Headers["Inference-Header-Content-Length"] = head.Length.ToString();
            await response.Body.WriteAsync(head);
            await response.Body.WriteAsync(MemoryMarshal.AsBytes<float>(floats).ToArray());
        });
        return app.RunAsync();
    }
}
