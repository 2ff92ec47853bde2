using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using OrleansHybrid.Gateway.Answers;

namespace OrleansHybrid.Gateway.Failures;

/// <summary>Writes errors in the protocol's shape: <c>{"error": "..."}</c>.</summary>
internal static class FailureWriter
{
    public static Task WriteAsync(HttpContext context, InferenceFailure failure)
    {
        if (FailureStatus.RetryAfterSeconds(failure) is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (failure.Code == FailureCode.Unauthenticated) context.Response.Headers.WWWAuthenticate = "Bearer";
        return WriteAsync(context, FailureStatus.Http(failure), failure.Message);
    }

    public static async Task WriteAsync(HttpContext context, int status, string message)
    {
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested) return;
        using var body = new AnswerBuffer();
        body.Raw("{\"error\":"u8);
        body.Text(message);
        body.Raw((byte)'}');
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Count;
        context.Response.Headers.Remove(HeaderNames.ContentEncoding);
        await context.Response.Body.WriteAsync(body.Written, context.RequestAborted);
    }
}
