namespace OrleansHybrid.Grains.Tests.Harness;

/// <summary>Waits for a condition, with a bound: a test that would hang fails and says what it waited for.</summary>
internal static class Until
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        using var bound = new CancellationTokenSource(Bound);
        while (!condition())
        {
            if (bound.IsCancellationRequested) throw new TimeoutException($"Waited {Bound} in vain: {what}.");
            await Task.Yield();
        }
    }

    public static Task<T> DoneAsync<T>(Task<T> task) => task.WaitAsync(Bound);

    public static Task DoneAsync(Task task) => task.WaitAsync(Bound);
}
