using System.Globalization;
using Grpc.Core;
using OrleansHybrid.Domain;
using OrleansHybrid.Links.Upstreams;

namespace OrleansHybrid.Links.Fleet;

/// <summary>What a refused call of the fleet protocol means. The words of the cell above are kept: they say what to do.</summary>
public static class FleetFailures
{
    /// <summary>Trailer that says when to call again, whole milliseconds.</summary>
    public const string RetryAfterTrailer = "hybrid-retry-after-ms";

    public static InferenceFailure Of(RpcException failed, string cell)
    {
        if (!StatusTable.IsAnswer(failed)) return StatusTable.Failure(failed, cell);
        FailureCode? code = failed.StatusCode switch
        {
            StatusCode.Unauthenticated => FailureCode.Unauthenticated,
            StatusCode.PermissionDenied => FailureCode.Forbidden,
            StatusCode.InvalidArgument or StatusCode.AlreadyExists => FailureCode.BadInput,
            StatusCode.ResourceExhausted => FailureCode.Overloaded,
            StatusCode.Unavailable => FailureCode.UpstreamUnavailable,
            _ => null,
        };
        return code is { } known ? new InferenceFailure(known, OneLine(failed.Status.Detail), RetryAfter(failed)) : StatusTable.Failure(failed, cell);
    }

    private static TimeSpan? RetryAfter(RpcException failed) =>
        long.TryParse(failed.Trailers.GetValue(RetryAfterTrailer), NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms <= Limits.CheckInIntervalMax.TotalMilliseconds ? TimeSpan.FromMilliseconds(ms) : null;

    private static string OneLine(string detail)
    {
        var line = string.Concat(detail.Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length <= 2 * Limits.ModelErrorCharsMax ? line : line[..(2 * Limits.ModelErrorCharsMax)];
    }
}
