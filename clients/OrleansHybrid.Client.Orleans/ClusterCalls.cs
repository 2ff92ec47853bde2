using Orleans.Runtime.Messaging;
using OrleansHybrid.Domain;

namespace OrleansHybrid.Client.Orleans;

/// <summary>What a grain call that ended badly means.</summary>
internal static class ClusterCalls
{
    private static readonly TimeSpan RetrySoon = TimeSpan.FromSeconds(1);

    /// <summary>The runtime's own troubles: a silo that is gone or silent, a gateway that cannot be reached. Anything else is a bug and is thrown on.</summary>
    public static bool IsTrouble(Exception failed) =>
        failed is TimeoutException or OrleansMessageRejectionException or SiloUnavailableException or ConnectionFailedException or ClientNotAvailableException or ObjectDisposedException;

    public static InferenceFailure Failure(Exception failed, string cell) => failed is TimeoutException
        ? new InferenceFailure(FailureCode.DeadlineExceeded, $"The cell '{cell}' did not answer in time.")
        : new InferenceFailure(FailureCode.UpstreamUnavailable, $"The cell '{cell}' cannot be reached ({failed.GetType().Name}). The client goes on trying; ask again.", RetrySoon);

    /// <summary>For what has no failure of its own: reports and lists.</summary>
    public static async Task<T> OrThrowAsync<T>(Task<T> call, string what)
    {
        try
        {
            return await call.ConfigureAwait(false);
        }
        catch (Exception failed) when (IsTrouble(failed))
        {
            throw new HybridClusterException($"{what} could not be read: the cell cannot be reached or did not answer in time ({failed.GetType().Name}). Ask again; if it lasts, see that the cell runs.", failed);
        }
    }
}
