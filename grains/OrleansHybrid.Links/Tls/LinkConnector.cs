using System.Net.Security;
using System.Net.Sockets;

namespace OrleansHybrid.Links.Tls;

/// <summary>Opens a connection for the HTTP stack: TCP, and TLS on top where the address is https.</summary>
public static class LinkConnector
{
    /// <param name="tls">Null: https is left to the stack, with the system's authorities.</param>
    /// <param name="connected">Called when the connection is up, TLS included.</param>
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, LinkTls? tls, SslApplicationProtocol protocol, Action? connected, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (tls is not null && context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttps)
            {
                stream = await tls.SecureAsync(stream, context.DnsEndPoint.Host, protocol, cancellationToken).ConfigureAwait(false);
            }

            connected?.Invoke();
            return stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
