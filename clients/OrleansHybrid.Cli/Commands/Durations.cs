using System.Globalization;

namespace OrleansHybrid.Cli.Commands;

/// <summary>Durations as people write them: <c>30s</c>, <c>5m</c>, <c>2h</c>.</summary>
internal static class Durations
{
    /// <returns>False: the text is no duration. Null in <paramref name="value"/>: there is no text.</returns>
    public static bool TryRead(string? text, out TimeSpan? value)
    {
        value = null;
        if (text is null) return true;
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        value = text[^1] switch { 's' => TimeSpan.FromSeconds(number), 'm' => TimeSpan.FromMinutes(number), 'h' => TimeSpan.FromHours(number), _ => null };
        return value is not null;
    }
}
