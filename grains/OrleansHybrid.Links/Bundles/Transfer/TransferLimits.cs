using OrleansHybrid.Domain;

namespace OrleansHybrid.Links.Bundles.Transfer;

/// <summary>How much of a link files may take: bytes per second over all files together, and the hours of the day. One for each link.</summary>
/// <remarks>A second's bytes may come at once; after that a taker waits until what it took is paid for.</remarks>
/// <param name="bytesPerSecond">0: not bounded.</param>
/// <param name="window">Null: always.</param>
public sealed class TransferLimits(long bytesPerSecond, FetchWindow? window, TimeProvider clock)
{
    private readonly Lock gate = new();
    private double allowance = bytesPerSecond;
    private long countedAt = clock.GetTimestamp();

    public static TransferLimits None(TimeProvider clock) => new(0, null, clock);

    /// <summary>Why nothing may be fetched now; null: it may.</summary>
    public InferenceFailure? WhyNot()
    {
        if (window?.UntilOpen(clock.GetUtcNow()) is not { } wait || wait == TimeSpan.Zero) return null;
        return new InferenceFailure(FailureCode.UpstreamUnavailable, $"Files are fetched between {window} UTC only (--fetch-window); that begins in {wait:hh\\:mm} hours.", wait);
    }

    /// <summary>Counts bytes that came, and waits until the next may.</summary>
    public async ValueTask TakeAsync(int bytes, CancellationToken cancellationToken)
    {
        if (bytesPerSecond <= 0 || bytes == 0) return;
        var wait = Pay(bytes);
        if (wait > TimeSpan.Zero) await Task.Delay(wait, clock, cancellationToken).ConfigureAwait(false);
    }

    private TimeSpan Pay(int bytes)
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            allowance = Math.Min(bytesPerSecond, allowance + (clock.GetElapsedTime(countedAt, now).TotalSeconds * bytesPerSecond)) - bytes;
            countedAt = now;
            return allowance >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-allowance / bytesPerSecond);
        }
    }
}
