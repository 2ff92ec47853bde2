using System.Globalization;
using Grpc.Core;
using OrleansHybrid.Domain;
using OrleansHybrid.Links.Fleet;

namespace OrleansHybrid.Silo.Fleet;

/// <summary>Refusals of the fleet protocol as gRPC statuses; the message says what to do.</summary>
internal static class FleetStatus
{
    public static RpcException Of(InferenceFailure failure)
    {
        var status = new Status(Code(failure.Code), failure.Message);
        if (failure.RetryAfter is not { } later) return new RpcException(status);
        return new RpcException(status, new Metadata { { FleetFailures.RetryAfterTrailer, ((long)later.TotalMilliseconds).ToString(CultureInfo.InvariantCulture) } });
    }

    public static RpcException Bad(string message) => Of(new InferenceFailure(FailureCode.BadInput, message));

    private static StatusCode Code(FailureCode code) => code switch
    {
        FailureCode.Unauthenticated => StatusCode.Unauthenticated,
        FailureCode.Forbidden => StatusCode.PermissionDenied,
        FailureCode.BadInput => StatusCode.InvalidArgument,
        FailureCode.Overloaded or FailureCode.TooLarge => StatusCode.ResourceExhausted,
        FailureCode.ModelNotReady => StatusCode.Unavailable,
        _ => StatusCode.Internal,
    };
}
