using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace OrleansHybrid.Gateway.Failures;

/// <summary>The one table from a failure to its HTTP and gRPC status.</summary>
public static class FailureStatus
{
    /// <summary>nginx's code for a caller that went away; HTTP has none of its own.</summary>
    public const int ClientClosedRequest = 499;

    private static readonly Dictionary<FailureCode, (int Http, StatusCode Grpc)> Table = new()
    {
        [FailureCode.ModelNotFound] = (StatusCodes.Status404NotFound, StatusCode.NotFound),
        [FailureCode.VersionNotFound] = (StatusCodes.Status404NotFound, StatusCode.NotFound),
        [FailureCode.ModelNotReady] = (StatusCodes.Status503ServiceUnavailable, StatusCode.Unavailable),
        [FailureCode.BadInput] = (StatusCodes.Status400BadRequest, StatusCode.InvalidArgument),
        [FailureCode.TooLarge] = (StatusCodes.Status413PayloadTooLarge, StatusCode.ResourceExhausted),
        [FailureCode.Overloaded] = (StatusCodes.Status429TooManyRequests, StatusCode.ResourceExhausted),
        [FailureCode.DeadlineExceeded] = (StatusCodes.Status504GatewayTimeout, StatusCode.DeadlineExceeded),
        [FailureCode.Cancelled] = (ClientClosedRequest, StatusCode.Cancelled),
        [FailureCode.PrivacyRefused] = (StatusCodes.Status403Forbidden, StatusCode.PermissionDenied),
        [FailureCode.NoEligibleZone] = (StatusCodes.Status422UnprocessableEntity, StatusCode.FailedPrecondition),
        [FailureCode.UpstreamUnavailable] = (StatusCodes.Status503ServiceUnavailable, StatusCode.Unavailable),
        [FailureCode.UpstreamRejected] = (StatusCodes.Status502BadGateway, StatusCode.Aborted),
        [FailureCode.ModelFailed] = (StatusCodes.Status500InternalServerError, StatusCode.Internal),
        [FailureCode.Unauthenticated] = (StatusCodes.Status401Unauthorized, StatusCode.Unauthenticated),
        [FailureCode.Forbidden] = (StatusCodes.Status403Forbidden, StatusCode.PermissionDenied),
        [FailureCode.ShuttingDown] = (StatusCodes.Status503ServiceUnavailable, StatusCode.Unavailable),
        [FailureCode.Internal] = (StatusCodes.Status500InternalServerError, StatusCode.Internal),
    };

    /// <summary>The HTTP status. A request that no zone can take is 422, or 503 when trying again later can help.</summary>
    public static int Http(InferenceFailure failure) => failure switch
    {
        { Code: FailureCode.NoEligibleZone, RetryAfter: not null } => StatusCodes.Status503ServiceUnavailable,
        _ => Table.TryGetValue(failure.Code, out var row) ? row.Http : StatusCodes.Status500InternalServerError,
    };

    public static StatusCode Grpc(InferenceFailure failure) =>
        Table.TryGetValue(failure.Code, out var row) ? row.Grpc : StatusCode.Internal;

    /// <summary>When to try again; null when the failure states none and its status does not call for one.</summary>
    public static TimeSpan? RetryAfter(InferenceFailure failure) =>
        failure.RetryAfter ?? (Http(failure) is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable ? TimeSpan.FromSeconds(1) : null);

    /// <summary>The same in whole seconds for the <c>Retry-After</c> header, rounded up.</summary>
    public static long? RetryAfterSeconds(InferenceFailure failure) =>
        RetryAfter(failure) is { } wait ? Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)) : null;
}
