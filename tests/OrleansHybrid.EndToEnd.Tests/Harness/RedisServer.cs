using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>A real redis-server on a free port, without persistence, that ends with its test.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/bin/redis-server", "/usr/local/bin/redis-server", "/opt/homebrew/bin/redis-server"];
    private readonly Process process;
    private readonly TempFolder folder;

    private RedisServer(Process process, TempFolder folder, int port) => (this.process, this.folder, Port) = (process, folder, port);

    public int Port { get; }

    public string Address => FormattableString.Invariant($"redis://127.0.0.1:{Port}");

    /// <summary>Null where it is not installed. CI must have it: there a missing one fails.</summary>
    public static string? Program => Array.Find(Places, File.Exists) is { } found ? found
        : Environment.GetEnvironmentVariable("CI") == "true" ? throw new InvalidOperationException("redis-server is not installed, and CI must test with it.") : null;

    public static async Task<RedisServer> StartAsync()
    {
        var folder = new TempFolder();
        var port = FreePorts.Take();
        string[] arguments = ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder.Path];
        var process = Process.Start(new ProcessStartInfo(Program!, arguments) { RedirectStandardOutput = true })!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        var server = new RedisServer(process, folder, port);
        await Wait.Until(server.AnswersAsync, "redis-server to listen");
        return server;
    }

    /// <summary>SIGSTOP: connections stay open, and nothing answers.</summary>
    public void Freeze() => Signals.Send(process.Id, Signals.Stop);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        folder.Dispose();
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
