namespace OrleansHybrid.Client.Orleans;

/// <summary>Lets the client's start try again until the time is up; then it fails and says what to check.</summary>
internal sealed class ConnectWithin(OrleansHybridClientOptions options, TimeProvider clock) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly long started = clock.GetTimestamp();

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        if (clock.GetElapsedTime(started) + Pause >= options.ConnectTimeout)
        {
            throw new HybridClusterException(await ClusterTrouble.DescribeAsync(options).ConfigureAwait(false), exception);
        }

        await Task.Delay(Pause, clock, cancellationToken).ConfigureAwait(false);
        return true;
    }
}
