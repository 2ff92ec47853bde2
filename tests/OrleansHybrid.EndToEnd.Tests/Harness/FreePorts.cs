using System.Net;
using System.Net.Sockets;

namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>Ports nobody listens on, each handed out once a test run. Below the range from which the system takes ports of outgoing connections.</summary>
internal static class FreePorts
{
    private const int First = 18_000;
    private const int Last = 30_000;
    private static readonly Lock Gate = new();
    private static int next = First + (Environment.ProcessId * 37 % (Last - First));

    public static int Take()
    {
        lock (Gate)
        {
            for (var tried = First; tried < Last; tried++)
            {
                next = next + 1 < Last ? next + 1 : First;
                if (IsFree(next)) return next;
            }
        }

        throw new InvalidOperationException("No port is free.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
