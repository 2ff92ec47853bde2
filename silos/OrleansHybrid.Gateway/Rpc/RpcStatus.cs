using System.Globalization;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using OrleansHybrid.Gateway.Failures;

namespace OrleansHybrid.Gateway.Rpc;

/// <summary>A failure as gRPC tells it: status, message and when to try again.</summary>
internal static class RpcStatus
{
    private const string RetryPushback = "grpc-retry-pushback-ms";

    /// <summary>For handlers that run inside the gRPC library.</summary>
    public static RpcException Exception(InferenceFailure failure)
    {
        var trailers = new Metadata();
        if (FailureStatus.RetryAfter(failure) is { } wait) trailers.Add(RetryPushback, Milliseconds(wait));
        return new RpcException(new Status(FailureStatus.Grpc(failure), failure.Message), trailers);
    }

    /// <summary>For an answer without a message: status in the headers, which end the stream.</summary>
    public static void WriteOnly(HttpResponse response, InferenceFailure failure)
    {
        if (response.HasStarted) return;
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = ((int)FailureStatus.Grpc(failure)).ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Percent(failure.Message);
        if (FailureStatus.RetryAfter(failure) is { } wait) response.Headers[RetryPushback] = Milliseconds(wait);
    }

    private static string Milliseconds(TimeSpan wait) => ((long)wait.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    private static string Percent(string message)
    {
        var text = new StringBuilder(message.Length + 16);
        foreach (var b in Encoding.UTF8.GetBytes(message))
        {
            if (b is >= 0x20 and < 0x7F and not (byte)'%') text.Append((char)b);
            else text.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
