using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace OrleansHybrid.Benchmarks.Throughput;

/// <summary>A server under test: started on a free loopback port, ready before it is returned, gone after disposal.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process process;

    private ServerProcess(Process process, string url, string secondUrl) => (this.process, Url, SecondUrl) = (process, url, secondUrl);

    public string Url { get; }

    /// <summary>On the second of its ports.</summary>
    public string SecondUrl { get; }

    public int Id => process.Id;

    /// <summary>Of all its threads so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public static async Task<ServerProcess> StartAsync(string file, Func<int[], string[]> arguments, TimeSpan patience)
    {
        var ports = FreePorts(4);
        var start = new ProcessStartInfo(file, arguments(ports)) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => { if (line.Data is { } text) Console.Error.WriteLine(text); };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var server = new ServerProcess(process, $"http://127.0.0.1:{ports[0]}", $"http://127.0.0.1:{ports[1]}");
        await server.WaitUntilReadyAsync(patience);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private async Task WaitUntilReadyAsync(TimeSpan patience)
    {
        using var client = new HttpClient();
        var since = Stopwatch.StartNew();
        while (since.Elapsed < patience && !process.HasExited)
        {
            try
            {
                if ((await client.GetAsync(Url + "/v2/health/ready")).IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(100);
        }

        await DisposeAsync();
        throw new InvalidOperationException("the server under test did not become ready");
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(l => l.Start());
        var ports = listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port).ToArray();
        listeners.ForEach(l => l.Stop());
        return ports;
    }
}
