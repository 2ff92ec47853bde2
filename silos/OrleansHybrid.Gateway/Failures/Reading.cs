using Microsoft.AspNetCore.Http;

namespace OrleansHybrid.Gateway.Failures;

/// <summary>What an exception on a request's way means to the caller.</summary>
internal static class Reading
{
    public static InferenceFailure FailureOf(Exception wrong, CancellationToken aborted) => wrong switch
    {
        _ when aborted.IsCancellationRequested => new InferenceFailure(FailureCode.Cancelled, "The caller went away."),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => Bad.TooLarge(Limits.RequestBytesMax),
        BadHttpRequestException => Bad.Input("The request could not be read: its framing or its end is broken, or it came too slowly."),
        InvalidDataException => Bad.Body("is not what its Content-Encoding says: decompressing it failed"),
        IOException => new InferenceFailure(FailureCode.Cancelled, "The connection broke."),
        _ => new InferenceFailure(FailureCode.Internal, "The server failed; its log says why."),
    };
}
