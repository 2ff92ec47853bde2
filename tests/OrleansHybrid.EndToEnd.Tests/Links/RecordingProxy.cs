using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrleansHybrid.EndToEnd.Tests.Links;

/// <summary>Stands between client and server, keeps every byte that the client sent, and can freeze: connections stay, nothing moves, as before a stopped process.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentBag<Socket> sockets = [];
    private readonly MemoryStream sent = new();
    private readonly int targetPort;
    private readonly Task accepting;
    private TaskCompletionSource open = Opened();
    private int accepted;

    public RecordingProxy(int targetPort)
    {
        this.targetPort = targetPort;
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Address => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    public int Accepted => Volatile.Read(ref accepted);

    /// <summary>Everything that clients sent so far.</summary>
    public byte[] Sent
    {
        get { lock (sent) return sent.ToArray(); }
    }

    public void Freeze() => open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Thaw() => open.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        Thaw();
        foreach (var socket in sockets) socket.Dispose();
        await accepting;
    }

    private static TaskCompletionSource Opened()
    {
        var source = new TaskCompletionSource();
        source.SetResult();
        return source;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptSocketAsync(stopping.Token);
                Interlocked.Increment(ref accepted);
                sockets.Add(client);
                _ = ServeAsync(client);
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            await open.Task;
            var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            sockets.Add(server);
            await server.ConnectAsync(IPAddress.Loopback, targetPort, stopping.Token);
            await Task.WhenAny(PumpAsync(client, server, record: true), PumpAsync(server, client, record: false));
            client.Dispose();
            server.Dispose();
        }
        catch (Exception broken) when (broken is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            client.Dispose();
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool record)
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (await from.ReceiveAsync(buffer, stopping.Token) is > 0 and var count)
            {
                if (record) lock (sent) sent.Write(buffer, 0, count);
                await open.Task;
                for (var done = 0; done < count;) done += await to.SendAsync(buffer.AsMemory(done, count - done), stopping.Token);
            }
        }
        catch (Exception broken) when (broken is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One side went away; so does the other.
        }
    }
}
