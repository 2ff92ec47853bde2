using System.Globalization;

namespace OrleansHybrid.Links.Bundles.Transfer;

/// <summary>The hours of the day, in UTC, in which a link may be used for files. It may pass midnight: <c>22:00-06:00</c>.</summary>
public sealed record FetchWindow(TimeOnly From, TimeOnly To)
{
    private const string Form = "HH:mm";

    /// <summary>Null when the text is none.</summary>
    public static FetchWindow? Parse(string text)
    {
        var parts = text.Split('-');
        if (parts.Length != 2 || !TryTime(parts[0], out var from) || !TryTime(parts[1], out var to) || from == to) return null;
        return new FetchWindow(from, to);
    }

    /// <summary>Until it opens; zero: it is open.</summary>
    public TimeSpan UntilOpen(DateTimeOffset now)
    {
        var time = TimeOnly.FromTimeSpan(now.UtcDateTime.TimeOfDay);
        return time.IsBetween(From, To) ? TimeSpan.Zero : From - time; // Differences of TimeOnly wrap at midnight.
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From:HH\\:mm}-{To:HH\\:mm}");

    private static bool TryTime(string text, out TimeOnly time) => TimeOnly.TryParseExact(text, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}
