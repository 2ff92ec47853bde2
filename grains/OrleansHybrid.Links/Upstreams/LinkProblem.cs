using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;

namespace OrleansHybrid.Links.Upstreams;

/// <summary>Why a probe got no answer, in words for whoever looks after the link.</summary>
internal static class LinkProblem
{
    private const int CharsMax = 500;

    /// <param name="gaveUp">This side stopped waiting.</param>
    public static string Of(RpcException failed, bool gaveUp)
    {
        for (Exception? cause = failed.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AuthenticationException untrusted: return Cut(untrusted.Message);
                case SocketException { SocketErrorCode: var code }: return $"The connection failed: {code}.";
                case HttpRequestException or HttpProtocolException or RpcException: continue;
                case IOException { InnerException: null } broke: return Cut(broke.Message);
            }
        }

        if (gaveUp) return "Nothing answered in time.";
        return failed.Status.DebugException is { } last ? Cut(last.GetBaseException().Message) : "The connection broke off.";
    }

    private static string Cut(string text)
    {
        var line = string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c));
        return line.Length <= CharsMax ? line : line[..CharsMax];
    }
}
