namespace OrleansHybrid.EndToEnd.Tests.Harness;

/// <summary>Waits for a condition with a bound, instead of sleeping for a guess.</summary>
internal static class Wait
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);
    public static readonly TimeSpan Long = TimeSpan.FromMinutes(2);

    public static Task Until(Func<bool> condition, string what, TimeSpan? bound = null) =>
        Until(() => Task.FromResult(condition()), what, bound);

    public static async Task Until(Func<Task<bool>> condition, string what, TimeSpan? bound = null)
    {
        using var limit = new CancellationTokenSource(bound ?? Long);
        while (!await condition())
        {
            if (limit.IsCancellationRequested) throw new TimeoutException($"Waited {bound ?? Long} in vain for: {what}.");
            await Task.Delay(Step, CancellationToken.None);
        }
    }
}
