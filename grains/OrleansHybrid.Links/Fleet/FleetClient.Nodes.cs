using Grpc.Core;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Links.Fleet;

/// <content>Enrolment and check-ins.</content>
public sealed partial class FleetClient
{
    /// <summary>Turns a join token into a credential of this node's own.</summary>
    public async ValueTask<EnrolAnswer> EnrolAsync(Enrolment enrolment, CancellationToken cancellationToken)
    {
        var (answer, failure) = await CallAsync((options) => fleet.EnrolAsync(NodeMessages.Of(enrolment), options), cancellationToken).ConfigureAwait(false);
        return answer is null ? EnrolAnswer.Of(failure!) : NodeMessages.Read(answer);
    }

    /// <summary>Reports, and learns when to call again.</summary>
    public async ValueTask<CheckInAnswer> CheckInAsync(CheckInMessage message, CancellationToken cancellationToken)
    {
        var (answer, failure) = await CallAsync((options) => fleet.CheckInAsync(NodeMessages.Of(message), options), cancellationToken).ConfigureAwait(false);
        return answer is null ? CheckInAnswer.Of(failure!) : NodeMessages.Read(answer);
    }

    private async ValueTask<(T? Answer, InferenceFailure? Failure)> CallAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call, CancellationToken cancellationToken)
        where T : class
    {
        using var patience = new CancellationTokenSource(Limits.FleetCallMax, clock);
        using var linked = cancellationToken.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken) : null;
        try
        {
            return (await call(new CallOptions(identity, cancellationToken: linked?.Token ?? patience.Token)).ResponseAsync.ConfigureAwait(false), null);
        }
        catch (RpcException failed)
        {
            return (null, FleetFailures.Of(failed, target));
        }
    }
}
