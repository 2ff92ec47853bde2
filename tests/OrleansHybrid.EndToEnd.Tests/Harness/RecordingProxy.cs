using System.Net;
using System.Net.Sockets;

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>A TCP proxy that keeps every byte it carries upwards: what really left a zone, whatever the software says about it.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly int target;
    private readonly MemoryStream recorded = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Task accepting;

    private RecordingProxy(int port, int target)
    {
        (Port, this.target) = (port, target);
        listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        accepting = AcceptAsync();
    }

    public int Port { get; }

    public static RecordingProxy To(int target) => new(FreePorts.Take(), target);

    /// <summary>On a port that another one had: the way is there again.</summary>
    public static RecordingProxy At(int port, int target) => new(port, target);

    /// <summary>Everything since the last call.</summary>
    public byte[] Take()
    {
        lock (recorded)
        {
            var bytes = recorded.ToArray();
            recorded.SetLength(0);
            return bytes;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        listener.Dispose();
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var carrying = new List<Task>();
        try
        {
            while (true) carrying.Add(CarryAsync(await listener.AcceptTcpClientAsync(stopping.Token)));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(carrying);
        }
    }

    private async Task CarryAsync(TcpClient below)
    {
        using (below)
        using (var above = new TcpClient())
        {
            try
            {
                await above.ConnectAsync(IPAddress.Loopback, target, stopping.Token);
                await Task.WhenAny(
                    CopyAsync(below.GetStream(), above.GetStream(), keep: true),
                    CopyAsync(above.GetStream(), below.GetStream(), keep: false));
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or IOException)
            {
            }
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, bool keep)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            for (var read = await from.ReadAsync(buffer, stopping.Token); read > 0; read = await from.ReadAsync(buffer, stopping.Token))
            {
                if (keep) lock (recorded) recorded.Write(buffer, 0, read);
                await to.WriteAsync(buffer.AsMemory(0, read), stopping.Token);
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
        }
    }
}
