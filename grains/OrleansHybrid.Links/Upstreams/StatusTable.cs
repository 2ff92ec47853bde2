using System.Net.Sockets;
using System.Text;
using Grpc.Core;
using OrleansHybrid.Domain;
using OrleansHybrid.Links.Monitoring;

namespace OrleansHybrid.Links.Upstreams;

/// <summary>What a failed call means: for the request (one table of statuses) and for the link.</summary>
public static class StatusTable
{
    private const int DetailCharsMax = 300;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>The status was sent by the server, not made up by the client's own stack.</summary>
    public static bool IsAnswer(RpcException failed) =>
        failed.Status.DebugException is null && failed.StatusCode is not (StatusCode.Cancelled or StatusCode.DeadlineExceeded);

    /// <summary>What the failure says of the link. Nothing that a caller's own cancellation or deadline made gets here.</summary>
    public static LinkEventKind LinkEvent(RpcException failed)
    {
        var cause = failed.Status.DebugException;
        if (cause is null) return failed.StatusCode == StatusCode.Cancelled ? LinkEventKind.CallReset : LinkEventKind.CallAnswered;
        for (var inner = cause; inner is not null; inner = inner.InnerException)
        {
            if (inner is HttpProtocolException) return LinkEventKind.CallReset;
        }

        return cause is HttpRequestException or IOException or SocketException ? LinkEventKind.CallBroken : LinkEventKind.CallAnswered;
    }

    /// <summary>A missing model above is the upstream's fault and never a 404 below; nor is a refused link credential the caller's.</summary>
    public static FailureCode Code(StatusCode status) => status switch
    {
        StatusCode.Unavailable => FailureCode.UpstreamUnavailable,
        StatusCode.Cancelled => FailureCode.UpstreamUnavailable,
        StatusCode.ResourceExhausted => FailureCode.Overloaded,
        StatusCode.InvalidArgument => FailureCode.BadInput,
        StatusCode.OutOfRange => FailureCode.BadInput,
        StatusCode.DeadlineExceeded => FailureCode.DeadlineExceeded,
        _ => FailureCode.UpstreamRejected,
    };

    public static InferenceFailure Failure(RpcException failed, string upstream)
    {
        if (LinkEvent(failed) is LinkEventKind.CallBroken or LinkEventKind.CallReset) return BrokeOff(upstream);
        if (IsTooLong(failed)) return Rejected(upstream, $"sent an answer above {Limits.RequestBytesMax} bytes");
        var code = Code(failed.StatusCode);
        var told = $"'{upstream}' answered {failed.StatusCode}{Detail(failed, code)}";
        return new InferenceFailure(code, told, code is FailureCode.Overloaded or FailureCode.UpstreamUnavailable ? RetryAfter : null);
    }

    public static InferenceFailure BrokeOff(string upstream) =>
        new(FailureCode.UpstreamUnavailable, $"The link to '{upstream}' broke off or gave no sign of life. It is probed and heals by itself.", RetryAfter);

    public static InferenceFailure Rejected(string upstream, string what) =>
        new(FailureCode.UpstreamRejected, $"'{upstream}' {what}. Check that it serves the same version of the model.");

    // The client's stack refuses such an answer by its length alone and reports it with the status of a full queue.
    private static bool IsTooLong(RpcException failed) =>
        failed.StatusCode == StatusCode.ResourceExhausted && failed.Status.Detail.StartsWith("Received message exceeds", StringComparison.Ordinal);

    /// <summary>Only a complaint about the input is worth passing on, on one line; text that looks like a path is not.</summary>
    private static string Detail(RpcException failed, FailureCode code)
    {
        var detail = failed.Status.Detail;
        if (code != FailureCode.BadInput || detail.Length == 0 || detail.AsSpan().ContainsAny('/', '\\')) return ".";
        var line = new StringBuilder(": ");
        foreach (var c in detail.AsSpan(0, Math.Min(detail.Length, DetailCharsMax))) line.Append(char.IsControl(c) ? ' ' : c);
        return line.ToString();
    }
}
