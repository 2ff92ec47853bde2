using System.Globalization;

namespace OrleansHybrid.Links.Machine;

/// <summary>The system's clock, moved by a fixed time, for trials on one machine. Timers run as ever.</summary>
public sealed class OffsetClock(TimeSpan offset) : TimeProvider
{
    /// <summary>The environment variable that moves a whole process' clock. Refused beyond loopback.</summary>
    public const string Variable = "HYBRID_CLOCK_OFFSET";

    public const string Rule = "Write [-][days.]hours:minutes:seconds, for example 02:00:00.";

    private static readonly TimeSpan OffsetMax = TimeSpan.FromDays(3650);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + offset;

    /// <summary>The system's clock itself when nothing moves it.</summary>
    public static TimeProvider Of(TimeSpan offset) => offset == TimeSpan.Zero ? System : new OffsetClock(offset);

    /// <summary>Null when the text is no time.</summary>
    public static TimeSpan? TryRead(string? text)
    {
        if (string.IsNullOrEmpty(text)) return TimeSpan.Zero;
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var offset) && offset.Duration() <= OffsetMax ? offset : null;
    }
}
