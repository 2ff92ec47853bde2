using OrleansHybrid.Domain.Tensors;

namespace OrleansHybrid.Domain.Routing;

/// <summary>Calls that may outlive their caller's deadline.</summary>
/// <remarks>A call that is left behind still reads the inputs: it keeps a hold of its own on them, and what it brings in the end is released.</remarks>
internal static class LateCalls
{
    /// <summary>Whether the call ended in time; false also when the caller cancelled first.</summary>
    public static async ValueTask<bool> EndsWithin(Task call, TimeSpan budget, TimeProvider clock, CancellationToken cancellationToken)
    {
        await call.WaitAsync(budget, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return call.IsCompleted;
    }

    /// <summary>Takes a hold on the inputs at once and sees the call to its end.</summary>
    public static async Task LeaveBehind<T>(Task<T> call, IReadOnlyList<Tensor> inputs, Func<T, IReadOnlyList<Tensor>> outputs)
    {
        Leases.Share(inputs);
        await ((Task)call).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Leases.Release(inputs);
        if (call.IsCompletedSuccessfully) Leases.Release(outputs(await call.ConfigureAwait(false)));
    }
}
