using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace OrleansHybrid.Benchmarks.Fleet;

/// <summary>A redis-server of the benchmark's own, which tells how many commands of each kind it ran.</summary>
internal sealed class CountedStore : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/bin/redis-server", "/usr/local/bin/redis-server", "/opt/homebrew/bin/redis-server"];
    private readonly Process process;
    private readonly ConnectionMultiplexer client;
    private readonly int port;

    private CountedStore(Process process, ConnectionMultiplexer client, int port) => (this.process, this.client, this.port) = (process, client, port);

    public string Address => $"redis://127.0.0.1:{port}";

    public static async Task<CountedStore> StartAsync()
    {
        var program = Array.Find(Places, File.Exists) ?? throw new InvalidOperationException("The counts need redis-server, which is not installed.");
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        string[] arguments = ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var client = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port},abortConnect=false,allowAdmin=true,connectRetry=10");
        return new CountedStore(process, client, port);
    }

    /// <summary>Commands since the start, by name; what this client itself and connections ask of the server is left out, scripts' own calls too.</summary>
    public async Task<IReadOnlyDictionary<string, long>> CountsAsync()
    {
        string[] housekeeping = ["info", "ping", "client", "config", "cluster", "echo", "hello", "auth", "select", "command", "sentinel"];
        var sections = await client.GetServer("127.0.0.1", port).InfoAsync("commandstats");
        return sections.SelectMany(s => s).Where(p => p.Key.StartsWith("cmdstat_", StringComparison.Ordinal))
            .Select(p => (Name: p.Key["cmdstat_".Length..], Calls: long.Parse(p.Value.Split(',')[0]["calls=".Length..], CultureInfo.InvariantCulture)))
            .Where(c => !housekeeping.Contains(c.Name.Split('|')[0])).ToDictionary(c => c.Name, c => c.Calls);
    }

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
