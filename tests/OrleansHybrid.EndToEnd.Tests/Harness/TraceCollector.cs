using System.Net;

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>An OTLP endpoint (HTTP, protobuf) that keeps what processes export.</summary>
internal sealed class TraceCollector : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly MemoryStream received = new();
    private readonly Task accepting;

    private TraceCollector(int port)
    {
        Environment = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = FormattableString.Invariant($"http://127.0.0.1:{port}"),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_TRACES_SAMPLER_ARG"] = "1",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        };
        listener.Prefixes.Add(FormattableString.Invariant($"http://127.0.0.1:{port}/"));
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>What makes a process export here, every trace.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    public static TraceCollector Start() => new(FreePorts.Take());

    /// <summary>Everything received so far.</summary>
    public byte[] Take()
    {
        lock (received) return received.ToArray();
    }

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var call = await listener.GetContextAsync();
                using var body = new MemoryStream();
                await call.Request.InputStream.CopyToAsync(body);
                lock (received) received.Write(body.ToArray());
                call.Response.StatusCode = 200;
                call.Response.Close();
            }
        }
        catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
        {
        }
    }
}
